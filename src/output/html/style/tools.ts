/** Search, filters, legend, and the table of kinds. */
export const tools = `
#tools{flex-wrap:wrap;gap:8px 14px;align-items:center;margin-bottom:12px;font-size:13px}
#tools label{display:inline-flex;gap:7px;align-items:center;color:var(--muted)}
#tools input,#tools select,#tools button,#nobody button,.unfold{font:inherit;font-size:13px;color:var(--ink);background:var(--card);border:1px solid var(--line);border-radius:8px;height:34px;padding:0 10px}
#tools select{max-width:210px}
#tools button,#nobody button,.unfold{cursor:pointer}
#tools button:hover,#tools select:hover,#tools input:hover{border-color:var(--muted)}
#tools button[aria-pressed=true]{background:var(--ink);color:var(--card);border-color:var(--ink)}
.search{position:relative;flex:0 1 300px}
#tools .search input{width:100%;padding-right:34px}
.search kbd{position:absolute;right:9px;pointer-events:none}
.search:focus-within kbd{display:none}
.views{display:inline-flex}
.views button:first-child{border-radius:8px 0 0 8px!important}
.views button:last-child{border-radius:0 8px 8px 0!important;border-left:0!important}
.running[data-view=kinds] #tools>:not(.views){display:none}
#count{font-variant-numeric:tabular-nums}
.sheet>footer{display:flex;flex-wrap:wrap;gap:4px 20px;justify-content:space-between;padding:8px 14px;border-top:1px solid var(--line);font-size:12px;color:var(--muted)}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px}
.legend li{display:flex;gap:7px;align-items:center}
.legend i,.members i{flex:none;font-style:normal;font-size:12px;font-weight:680;width:20px;height:20px;border-radius:6px;display:grid;place-items:center}
i.yes{color:var(--yes);background:var(--yes-bg)}
i.no{color:var(--no)}
i.role{color:var(--role);background:var(--role-bg)}
i.out{color:var(--out);background:var(--out-bg)}
i.some{color:var(--some);background:var(--some-bg)}
.keys kbd{margin-left:8px}
.list{background:var(--card);border:1px solid var(--line);border-radius:14px;overflow:auto}
.list>p{padding:12px 16px;color:var(--muted)}
.list table{border-collapse:collapse;width:100%;min-width:680px}
.list th,.list td{padding:10px 16px;text-align:left;vertical-align:top;border-top:1px solid var(--line);font-weight:400;overflow-wrap:anywhere}
.list thead th::first-letter{text-transform:uppercase}
.list thead th{font-size:12px;color:var(--muted);background:var(--soft)}
#kinds tbody th{width:24%}
#kinds td:nth-child(3){width:26%}
#kinds td.number{width:70px;font-variant-numeric:tabular-nums;font-weight:680;text-align:right}
#kinds .role{color:var(--role);margin-top:4px}
#kinds .out{color:var(--out)}
#kinds .none{color:var(--muted)}
`;
