/* Desk, matrix: the arrow keys go from cell to cell. Without this every cell is reached by Tab. */
"use strict";
if (window.htmx) {
  htmx.config.includeIndicatorStyles = false;
  htmx.config.allowEval = false;
  // What was on a page is read anew when somebody comes back: nothing of it stays in the browser.
  htmx.config.historyCacheSize = 0;
  htmx.config.refreshOnHistoryMiss = true;
  htmx.config.selfRequestsOnly = true;
  htmx.config.responseHandling = [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "4(09|22)", swap: true },
    { code: "[45]..", swap: false, error: true },
  ];
}

function links(table) {
  return table.querySelectorAll("tbody a, thead a");
}

function ready(table) {
  if (table.dataset.ready) return;
  table.dataset.ready = "yes";
  for (const link of links(table)) link.tabIndex = -1;
  const first = table.querySelector("tbody a");
  if (first) first.tabIndex = 0;
  const keys = document.getElementById("mx-keys");
  if (keys) keys.hidden = false;
  table.addEventListener("keydown", move);
  table.addEventListener("focusin", (event) => {
    for (const link of table.querySelectorAll("a[tabindex='0']")) link.tabIndex = -1;
    event.target.tabIndex = 0;
  });
}

function move(event) {
  const cell = event.target.closest("td, th");
  if (!cell || event.altKey || event.ctrlKey || event.metaKey) return;
  const row = cell.parentElement;
  const rows = Array.from(event.currentTarget.rows);
  const place = Array.prototype.indexOf.call(row.cells, cell);
  const steps = {
    ArrowRight: () => row.cells[place + 1],
    ArrowLeft: () => row.cells[place - 1],
    ArrowDown: () => rows[rows.indexOf(row) + 1]?.cells[place],
    ArrowUp: () => rows[rows.indexOf(row) - 1]?.cells[place],
    Home: () => row.cells[0],
    End: () => row.cells[row.cells.length - 1],
  };
  const target = steps[event.key]?.()?.querySelector("a");
  if (!target) return;
  event.preventDefault();
  target.focus();
  target.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function begin() {
  const table = document.getElementById("mx-table");
  if (table) ready(table);
}

document.addEventListener("DOMContentLoaded", begin);
document.addEventListener("htmx:afterSettle", begin);
