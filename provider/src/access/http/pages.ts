// Our own pages: a terminal, and a way in for browsers that bring a token behind the # of an address. Nothing of a
// stranger's stands in their text, and nothing is loaded but our own scripts.

const rules = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': rules,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
}

export function terminalPage(leaseId: bigint): string {
  return page(
    `Terminal of lease ${leaseId}`,
    'terminal',
    `<form id="enter" autocomplete="off">
<label>Password (good once) or token of your access<input id="secret" type="password" required maxlength="64"></label>
<button>Open</button>
</form>
<div id="screen" tabindex="0" role="log" aria-live="off" aria-label="Terminal. Control and Shift and Q leaves it." hidden></div>`,
  )
}

export function enterPage(leaseId: bigint): string {
  return page(
    `A port of lease ${leaseId}`,
    'enter',
    `<form id="enter" autocomplete="off" hidden>
<label>Token of your access<input id="secret" type="password" required maxlength="64"></label>
<button>Open</button>
</form>`,
  )
}

function page(title: string, script: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="/leases/assets/page.css">
<script type="module" src="/leases/assets/${script}.js"></script>
</head>
<body>
<main>
<h1>${title}</h1>
<p id="status" role="status" tabindex="-1"></p>
${body}
<noscript><p>This page needs JavaScript. SSH does not.</p></noscript>
</main>
</body>
</html>
`
}
