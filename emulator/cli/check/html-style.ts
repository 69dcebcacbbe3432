/** The look of the HTML report. */
export const STYLE = `
:root { color-scheme: light dark; --text: #1f2328; --page: #ffffff; --dim: #59636e; --line: #d1d9e0;
  --soft: #f6f8fa; --good: #1a7f37; --bad: #cf222e; --warn: #9a6700; --link: #0969da; --calm: #d1d9e0; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --page: #0d1117; --dim: #9198a1; --line: #3d444d;
  --soft: #151b23; --good: #3fb950; --bad: #f85149; --warn: #d29922; --link: #58a6ff; --calm: #3d444d; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 24px 20px 60px; max-width: 1080px; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, "DejaVu Sans", sans-serif; }
h1 { font-size: 24px; margin: 0 0 4px; } h2 { font-size: 19px; margin: 0 0 8px; } h3 { font-size: 14px; margin: 18px 0 6px; color: var(--dim); }
p { margin: 4px 0; } a { color: var(--link); text-decoration: none; } a:hover { text-decoration: underline; }
code, pre { font: 12.5px/1.5 ui-monospace, "DejaVu Sans Mono", monospace; }
section { margin-top: 28px; padding: 18px 20px; border: 1px solid var(--line); border-radius: 8px; }
pre { margin: 6px 0; padding: 10px 12px; background: var(--soft); border-radius: 6px; overflow: auto; max-height: 420px; }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; } .scroll { overflow-x: auto; }
th { text-align: left; font-weight: 600; color: var(--dim); } th, td { padding: 4px 14px 4px 0; vertical-align: top; border-bottom: 1px solid var(--line); }
td { font-variant-numeric: tabular-nums; } td:first-child { width: 84px; white-space: nowrap; } td.span { white-space: nowrap; } .summary { margin-top: 16px; }
.badge { display: inline-block; min-width: 62px; padding: 1px 8px; border-radius: 10px; font-size: 12px; font-weight: 600; text-align: center; border: 1px solid; }
.badge.passed { color: var(--good); } .badge.failed, .badge.limit { color: var(--bad); } .badge.skipped { color: var(--warn); }
h1 .badge, h2 .badge { vertical-align: 3px; } tr.skipped { color: var(--dim); } .dim, .time { color: var(--dim); font-weight: normal; }
.failure { margin: 8px 0; padding: 8px 14px; border-left: 3px solid var(--bad); background: var(--soft); }
.picture { overflow-x: auto; } .picture svg { max-width: 100%; height: auto; display: block; }
.legend { font-size: 13px; } .legend span { margin-right: 14px; white-space: nowrap; }
.key { display: inline-block; width: 11px; height: 11px; margin-right: 6px; border-radius: 2px; vertical-align: -1px; }
details { margin-top: 10px; } summary { cursor: pointer; color: var(--dim); font-size: 14px; }`;
