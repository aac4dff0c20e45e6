/** Phones, paper, and other needs. */
export const small = `
@media (pointer:coarse){:root{--row:42px;--cell:42px}}
@media (max-width:720px){
:root{--name:132px;--head:128px}
body{padding:14px 12px 10px}
h1{font-size:19px}
header{margin-bottom:10px;gap:10px}
.tiles{flex-wrap:nowrap;overflow-x:auto;margin:0 -12px;padding:0 12px;scrollbar-width:none;max-width:100vw}
.tiles li{flex:none}
.tiles li:not(:has(button)),.tiles button{padding:4px 10px}
#tools{gap:8px;flex-wrap:nowrap;overflow-x:auto;margin:0 -12px 10px;padding:2px 12px;scrollbar-width:none;max-width:100vw}
#tools>*{flex:none}
#tools .search{flex:0 0 232px}
#tools input,#tools select,#tools button{height:40px;font-size:16px}
#tools select{max-width:130px}
.search kbd,.keys,.legend .long{display:none}
.of,.filters{font-size:12.5px}
.list table,.list tbody,.list tr,.list th,.list td{display:block;width:auto!important;min-width:0}
.list thead{display:none}
.list tr{border-top:1px solid var(--line);padding:12px 0}
.list tbody th,.list td{border:0;padding:2px 14px}
#kinds td.number{text-align:left;font-size:17px}
#kinds td:nth-child(3)::before{content:"Own permissions: ";color:var(--muted)}
#kinds td:nth-child(4)::before{content:"May use: ";color:var(--muted)}
#kinds td.number::after{content:" users";font-size:13px;font-weight:400;color:var(--muted)}
#grid .name{padding:0 8px 0 10px;flex-direction:column;align-items:flex-start;justify-content:center;gap:0;line-height:1.2}
#grid .name bdi,#grid .name small{max-width:100%;flex:none}
#grid .name small{font-size:11px;text-align:left}
#grid .name small:empty{display:none}
#grid .head .name{justify-content:flex-end;align-items:flex-start}
.sheet>footer{padding:6px 10px}
.legend{gap:2px 12px}
}
@media (forced-colors:active){#grid .cell::before{border:1px solid transparent}#grid .row .cell.active::before{border-color:Highlight}}
@media (prefers-reduced-motion:no-preference) and (max-width:1040px){#why.open{animation:rise .16s ease-out}@keyframes rise{from{opacity:.3;transform:translateY(8px)}}}
@media print{
@page{size:A4 landscape;margin:12mm}
:root{color-scheme:light;--bg:#fff;--card:#fff;--soft:#fff;--ink:#000;--muted:#444;--line:#bbb;--yes:#06592c;--yes-bg:#dcf2e4;--no:#666;--role:#6b4300;--role-bg:#ffeec6;--out:#8d1524;--out-bg:#fbe1e4;--some:#174b6e;--some-bg:#dcecf8}
html{font-size:10px}
body{padding:0}
.live,.running .live,#tools,#users{display:none!important}
.tiles button{pointer-events:none}
#print{display:block}
#print .legend{margin-bottom:8px}
#print thead th{vertical-align:bottom}
#print table{border-collapse:collapse;font-size:9.5px}
#print thead{display:table-header-group}
#print tr{break-inside:avoid}
#print th,#print td{border:1px solid var(--line);padding:2px 5px;text-align:center;font-weight:400;-webkit-print-color-adjust:exact;print-color-adjust:exact}
#print tbody th,#print thead th:first-child{text-align:left;max-width:62mm;overflow-wrap:anywhere;font-weight:600}
#print .turned{vertical-align:bottom;padding:4px 2px}
#print .turned span{writing-mode:vertical-rl;transform:rotate(180deg);white-space:nowrap}
#print td{min-width:7mm}
#print .yes{background:var(--yes-bg);color:var(--yes)}#print .role{background:var(--role-bg);color:var(--role)}#print .out{background:var(--out-bg);color:var(--out)}#print .some{background:var(--some-bg);color:var(--some)}#print .no{color:var(--no)}
.list{border:0;border-radius:0;overflow:visible}
.list table{min-width:0}
.list tr{break-inside:avoid}
.list th,.list td{padding:4px 6px}
.running[data-view=users] #kinds{display:none!important}
.running[data-view=kinds] #print{display:none}
}
`;
