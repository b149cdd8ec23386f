// Names a request, so that one that is repeated does nothing twice. Not `randomUUID`: pages over plain HTTP lack it.
export function newRequestId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}
