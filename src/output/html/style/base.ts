/** Colours, type, and the frame of the page. */
export const base = `
:root{color-scheme:light dark;--bg:#f4f6f9;--card:#fff;--soft:#f7f9fb;--ink:#182230;--muted:#586779;--line:#e1e6ed;--accent:#2457d6;--ring:#2457d6;
--yes:#0f7a41;--yes-bg:#dcf2e4;--no:#8291a3;--no-bg:transparent;--role:#855300;--role-bg:#ffeec6;--out:#a81f31;--out-bg:#fbe1e4;--some:#1f5f8a;--some-bg:#dcecf8;
--row:32px;--cell:32px;--name:232px;--head:212px;--sans:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans",sans-serif;--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
@media (prefers-color-scheme:dark){:root{--bg:#0e131a;--card:#151c26;--soft:#19212d;--ink:#e4eaf2;--muted:#94a3b8;--line:#273242;--accent:#7aa5ff;--ring:#7aa5ff;
--yes:#6fe0a0;--yes-bg:#12382a;--no:#66758a;--role:#ffcf6b;--role-bg:#40310d;--out:#ff9da8;--out-bg:#481b21;--some:#8ecbf5;--some-bg:#17334a}}
*{box-sizing:border-box}
[hidden]{display:none!important}
html{background:var(--bg);color:var(--ink);font:14px/1.5 var(--sans);-webkit-text-size-adjust:100%;-webkit-tap-highlight-color:transparent}
body{margin:0;padding:20px 24px}
h1,h2,h3,p,ul,dl,dd{margin:0;padding:0}
ul{list-style:none}
small{font-size:.86em;color:var(--muted)}
bdi{unicode-bidi:isolate}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
header{display:flex;flex-wrap:wrap;gap:12px 32px;align-items:center;justify-content:space-between;margin-bottom:16px}
header>div{flex:1 1 340px}
h1{font-size:22px;line-height:1.25;font-weight:680;letter-spacing:-.015em;text-wrap:balance}
.of,.filters{font-size:13px;color:var(--muted);overflow-wrap:anywhere}
.tiles{display:flex;flex-wrap:wrap;gap:8px}
.tiles li{display:flex}
.tiles li,.tiles button{font:inherit;font-size:13px;color:inherit}
.tiles li>b,.tiles button>b{font-size:17px;font-weight:680;font-variant-numeric:tabular-nums}
.tiles li:not(:has(button)),.tiles button{gap:7px;align-items:baseline;display:inline-flex;background:var(--card);border:1px solid var(--line);border-radius:10px;padding:6px 12px}
.tiles button.role{color:var(--role);background:var(--role-bg);border-color:transparent}
.tiles button.out{color:var(--out);background:var(--out-bg);border-color:transparent}
html:not(.running) .tiles button{pointer-events:none}
.running .tiles button{cursor:pointer}
.running .tiles button:hover{border-color:currentColor}
.live{display:none!important}
.running .live{display:flex!important}
.running[data-view=kinds] #users,.running[data-view=users] #kinds{display:none!important}
:focus-visible{outline:2px solid var(--ring);outline-offset:2px}
kbd{font:11px/1 var(--mono);border:1px solid var(--line);border-bottom-width:2px;border-radius:5px;padding:2px 5px;color:var(--muted);background:var(--card)}
#print{display:none}
`;
