/** The grid and the panel. */
export const grid = `
@media screen{
.running body{height:100dvh;display:flex;flex-direction:column}
.running #users,.running #kinds{flex:1;min-height:0}
}
#users{gap:16px;align-items:stretch}
.sheet{flex:1;min-width:0;display:flex;flex-direction:column;background:var(--card);border:1px solid var(--line);border-radius:14px;overflow:hidden}
#grid{flex:1;min-height:0;overflow:auto;position:relative;overscroll-behavior:contain;outline:none;scrollbar-width:thin}
#grid:focus-visible:not([aria-activedescendant]){box-shadow:inset 0 0 0 2px var(--ring)}
#grid .head{position:sticky;top:0;z-index:3;display:flex;height:var(--head);background:var(--card);border-bottom:1px solid var(--line)}
#grid .body{position:relative}
#grid .head,#grid .body{min-width:100%}
#grid .row{position:absolute;left:0;display:flex;width:100%;height:var(--row);background:var(--card)}
#grid .row.odd{background:var(--soft)}
#grid .name{position:sticky;left:0;z-index:2;flex:none;width:var(--name);padding:0 12px 0 16px;background:inherit;border-right:1px solid var(--line);display:flex;gap:8px;align-items:center;white-space:nowrap;overflow:hidden}
#grid .head .name{align-items:flex-end;padding-bottom:10px;font-size:12px;color:var(--muted)}
#grid .name bdi{flex:0 1 auto;overflow:hidden;text-overflow:ellipsis;font-weight:520}
#grid .name small{flex:1 9 0;min-width:0;overflow:hidden;text-overflow:ellipsis;text-align:right}
#grid .pad{flex:none}
#grid .cell{flex:none;width:var(--cell);height:100%;display:grid;place-items:center;position:relative;cursor:pointer;font-size:13px;font-weight:680;z-index:0}
#grid .cell::before{content:"";position:absolute;inset:3px;border-radius:7px;z-index:-1}
#grid .cell.first{box-shadow:inset 1px 0 var(--line)}
#grid .yes{color:var(--yes)}#grid .yes::before{background:var(--yes-bg)}
#grid .no{color:var(--no);font-weight:400}
#grid .role{color:var(--role)}#grid .role::before{background:var(--role-bg)}
#grid .out{color:var(--out)}#grid .out::before{background:var(--out-bg)}
#grid .some{color:var(--some);font-variant-numeric:tabular-nums;font-size:11px;letter-spacing:-.03em}#grid .some::before{background:var(--some-bg)}
#grid .row .cell:hover::before{box-shadow:inset 0 0 0 1px var(--muted)}
#grid .row .cell.active::before{box-shadow:inset 0 0 0 2px var(--ring)}
#grid .row.on .name{color:var(--accent)}
#grid .head .cell{align-items:end;padding-bottom:10px;font-weight:400}
#grid .head .cell::before{inset:3px;background:none}
#grid .head .cell:hover::before{background:var(--soft)}
#grid .label{writing-mode:vertical-rl;transform:rotate(180deg);white-space:nowrap;max-height:calc(var(--head) - 18px);overflow:hidden;text-overflow:ellipsis;font-size:12px;line-height:1.2}
#grid .folded .label{font-weight:600}
#grid .method{font-size:10px;font-weight:640;letter-spacing:.03em;color:var(--muted);margin-bottom:6px}
#grid .method:empty{display:none}
#grid .method.delete{color:var(--out)}#grid .method.post,#grid .method.patch,#grid .method.put,#grid .method.write{color:var(--role)}
#grid .head .on .label{color:var(--accent)}
#nobody{padding:28px;text-align:center;color:var(--muted)}
#nobody button{margin-left:8px}
#why{flex:none;width:348px;background:var(--card);border:1px solid var(--line);border-radius:14px;padding:18px 20px;overflow:auto;position:relative;overflow-wrap:anywhere}
#why h2{font-size:17px;line-height:1.3;font-weight:680;padding-right:30px;max-height:6.5em;overflow:auto}
#why h3{font-size:13px;font-weight:640;margin:16px 0 6px}
#why .empty{color:var(--muted)}
#why .empty h2{color:var(--ink);margin-bottom:4px}
#why .asked{font:12.5px/1.5 var(--mono);margin-top:4px}
#why .what{color:var(--muted)}
#why .what:empty{display:none}
#why .verdict{display:inline-block;margin:12px 0 10px;padding:3px 11px;border-radius:99px;font-size:12.5px;font-weight:640;background:var(--soft);color:var(--muted)}
#why .verdict.yes{color:var(--yes);background:var(--yes-bg)}
#why .verdict.role{color:var(--role);background:var(--role-bg)}
#why .verdict.out{color:var(--out);background:var(--out-bg)}
#why .verdict.some{color:var(--some);background:var(--some-bg)}
#why dl{display:grid;grid-template-columns:auto 1fr;gap:5px 14px;margin-top:14px;font-size:13px}
#why dt{color:var(--muted)}
#why .command{position:relative;background:var(--soft);border:1px solid var(--line);border-radius:9px;padding:10px 12px;margin-bottom:8px}
#why code{font:12.5px/1.5 var(--mono);display:block;padding-right:54px;white-space:pre-wrap}
#why .command button{position:absolute;top:7px;right:7px;font:inherit;font-size:12px;color:var(--accent);background:var(--card);border:1px solid var(--line);border-radius:7px;padding:2px 9px;cursor:pointer}
#why .close{position:absolute;top:12px;right:12px;width:30px;height:30px;border:0;border-radius:8px;background:none;color:var(--muted);font:20px/1 var(--sans);cursor:pointer}
#why .close:hover{background:var(--soft)}
#why .members{display:grid;gap:1px;font-size:13px;margin:0 -8px 12px}
#why .members button,#why .back{display:flex;gap:9px;align-items:center;width:100%;padding:4px 8px;border:0;border-radius:8px;background:none;font:inherit;color:inherit;text-align:left;cursor:pointer}
#why .members button:hover,#why .back:hover{background:var(--soft)}
#why .back{width:auto;margin:-4px -8px 8px;font-size:13px;color:var(--accent)}
#why .reason+.reason{margin-top:8px}
.unfold{margin-top:14px}
@media (max-width:1040px){
#why{display:none}
#why.open{display:block;position:fixed;z-index:9;left:0;right:0;bottom:0;width:auto;max-height:56dvh;border-radius:18px 18px 0 0;box-shadow:0 -12px 40px rgb(0 0 0/.25);padding-bottom:28px}
}
@media (max-height:760px){:root{--head:164px}}
`;
