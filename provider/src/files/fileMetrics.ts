// What Prometheus sees of the files that are kept.
import { Gauge, type Registry } from 'prom-client'
import type { FileBook } from './fileBook.ts'

export function watchFiles(registry: Registry, book: Pick<FileBook, 'totals'>): void {
  const registers = [registry]
  const bytes = new Gauge({
    name: 'provider_file_bytes',
    help: 'Bytes of all files, those that are still uploading counted whole',
    registers,
  })
  new Gauge({
    name: 'provider_files',
    help: 'Files that are kept or uploading',
    registers,
    async collect() {
      const totals = await book.totals()
      this.set(totals.files)
      bytes.set(totals.bytes)
    },
  })
}
