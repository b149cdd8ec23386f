// What images of tests are made of: busybox, and this machine's own Python with the libraries that it links to, so that
// nothing is pulled from a registry.
import { execFileSync, spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'

export type ImageFiles = {
  /** A tar of the image's whole file system. */
  readonly archive: string
  readonly environment: Readonly<Record<string, string>>
  remove(): void
}

const busybox = '/bin/busybox'
/** Of Python's library: what no program of a test imports. */
const needless =
  /\/(site-packages|dist-packages|test|tests|idlelib|tkinter|lib2to3|ensurepip|config-[^/]*)(\/|$)/
const certificates = '/etc/ssl/certs/ca-certificates.crt'
const mostBytes = 64 * 1024 * 1024

/** A static one: an image FROM scratch has no libraries. */
export function hasBusybox(): boolean {
  return existsSync(busybox) && spawnSync('ldd', [busybox]).status !== 0
}

export function packBusybox(): ImageFiles {
  const folder = mkdtempSync(join(tmpdir(), 'worldland-aa-image-'))
  const root = join(folder, 'root')
  for (const each of ['usr/bin', 'usr/lib', 'usr/lib64', 'tmp', 'root', 'etc']) {
    mkdirSync(join(root, each), { recursive: true })
  }
  for (const each of ['bin', 'lib', 'lib64']) symlinkSync(`usr/${each}`, join(root, each))
  copyFileSync(busybox, join(root, 'usr/bin/busybox'))
  const applets = execFileSync(busybox, ['--list'], { encoding: 'utf8' }).trim().split('\n')
  for (const applet of applets.filter(name => name !== 'busybox')) {
    symlinkSync('busybox', join(root, 'usr/bin', applet))
  }
  const archive = join(folder, 'image.tar')
  execFileSync('tar', ['--create', '--file', archive, '--owner=0', '--group=0', '-C', root, '.'])
  return { archive, environment: {}, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

export function packPython(sitePackages: string): ImageFiles {
  const files = packBusybox()
  const { executable, library } = JSON.parse(
    execFileSync('python3', [
      '-c',
      'import json, os, sys, sysconfig; print(json.dumps({"executable": os.path.realpath(sys.executable), "library": sysconfig.get_path("stdlib")}))',
    ]).toString(),
  ) as { executable: string; library: string }
  const modules = below(library).filter(path => !needless.test(path.slice(library.length)))
  const packages = below(sitePackages)
  const python = join(dirname(executable), 'python3')
  const programs = [executable, ...[...modules, ...packages].filter(path => /\.so(\.|$)/.test(path))]
  const paths = [executable, python, certificates, ...modules, ...packages, ...linkedBy(programs)]
  execFileSync(
    'tar',
    ['--append', '--file', files.archive, '--dereference', '--no-recursion', '-C', '/', '--null', '-T', '-'],
    {
      input: [...new Set(paths.filter(path => existsSync(path)).map(realPath))]
        .map(path => `.${path}\0`)
        .join(''),
    },
  )
  return {
    ...files,
    environment: {
      PATH: `${dirname(executable)}:/usr/local/bin:/usr/bin:/bin`,
      PYTHONPATH: sitePackages,
      PYTHONUNBUFFERED: '1',
      SSL_CERT_FILE: certificates,
    },
  }
}

/** The loader as well. */
function linkedBy(programs: readonly string[]): readonly string[] {
  const said = spawnSync('ldd', [...programs], { encoding: 'utf8', maxBuffer: mostBytes }).stdout
  return [...said.matchAll(/(?:=> |^\s+)(\/\S+) \(0x/gm)].flatMap(([, path]) => path ?? [])
}

function below(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => !entry.isDirectory())
    .map(entry => join(entry.parentPath, entry.name))
}

/** `/lib` is a link where /usr is merged, and stands in the image as one. */
function realPath(path: string): string {
  return join(realpathSync(dirname(path)), basename(path))
}
