// The service lets no style into the page that does not bear this page's nonce: what libraries put in must have it.

export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''
}
// What locks scrolling behind a dialog looks for it here.
;(globalThis as { __webpack_nonce__?: string }).__webpack_nonce__ = styleNonce()
