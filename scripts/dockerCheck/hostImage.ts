// A base image out of this machine's own Debian packages and Node, for where no registry of images is to be had. It holds
// what Docker's own `node` images do, as far as the daemons need it to be built and run, and this machine's SQLite for
// Node, which would be compiled for minutes else.
import { execFileSync } from 'node:child_process'
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { workspaceRoot } from '../workspaceRoot.ts'
import type { Engine } from './engine.ts'

/** Beside the packages that Debian calls essential. */
const packages = ['libstdc++6', 'ca-certificates']
/** What no package holds; the links are those of a merged /usr. */
const unpackaged = [
  '/bin',
  '/lib',
  '/lib64',
  '/sbin',
  '/usr/local/bin',
  '/etc/passwd',
  '/etc/group',
  '/tmp',
  '/proc',
  '/sys',
  '/dev',
]
const needless = /^\/usr\/share\/(doc|man|locale|info)\/.|^\/usr\/include\//
const prebuiltFolder = '/prebuilt'

/** Throws where this is no Debian. */
export async function importHostImage(engine: Engine, tag: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'worldland-aa-image-'))
  try {
    const archive = join(folder, 'base.tar')
    const files = [...packageFiles(), ...unpackaged, ...below('/etc/ssl/certs'), ...nodeFiles()]
    const paths = [...new Set(files.filter(path => !needless.test(path) && isThere(path)).map(realPath))]
    execFileSync('tar', ['--create', '--file', archive, '--no-recursion', '-C', '/', '--null', '-T', '-'], {
      input: paths.map(path => `.${path}\0`).join(''),
    })
    execFileSync('tar', ['--append', '--file', archive, '-C', packPrebuilt(folder), `.${prebuiltFolder}`])
    const environment = Object.entries(imageEnvironment()).map(([name, value]) => `ENV ${name}=${value}`)
    await engine.docker(['import', ...environment.flatMap(line => ['--change', line]), archive, tag])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Of the essential packages and all they stand on. */
function packageFiles(): readonly string[] {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg fills them in
  const format = '${Package}\\t${Essential}\\t${db:Status-Status}\\n'
  const known = lines('dpkg-query', ['-Wf', format]).map(line => line.split('\t'))
  const installed = new Set(known.filter(([, , status]) => status === 'installed').map(([name]) => name))
  const essential = known.flatMap(([name = '', isEssential]) => (isEssential === 'yes' ? [name] : []))
  const dependencies = lines('apt-cache', [
    'depends',
    ...[
      'recurse',
      'installed',
      'no-recommends',
      'no-suggests',
      'no-conflicts',
      'no-breaks',
      'no-replaces',
    ].map(flag => `--${flag}`),
    '--no-enhances',
    ...essential,
    ...packages,
  ]).filter(name => installed.has(name))
  return lines('dpkg-query', ['-L', ...new Set(dependencies)]).filter(line => line.startsWith('/'))
}

/** Node and npm, wherever they stand, go where the image looks for them. */
function nodeFiles(): readonly string[] {
  const npm = realpathSync(execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim())
  const bin = dirname(process.execPath)
  return [process.execPath, join(bin, 'npm'), join(bin, 'npx'), ...below(dirname(dirname(npm)))]
}

/** As prebuild-install takes it: named by version, ABI and platform. */
function packPrebuilt(folder: string): string {
  const require = createRequire(join(workspaceRoot, 'service/package.json'))
  const manifest = require.resolve('better-sqlite3/package.json')
  const { version } = require('better-sqlite3/package.json') as { version: string }
  const name = `better-sqlite3-v${version}-node-v${process.versions.modules}-${process.platform}-${process.arch}.tar.gz`
  mkdirSync(join(folder, prebuiltFolder))
  execFileSync('tar', [
    ...['--create', '--gzip', '--file', join(folder, prebuiltFolder, name)],
    ...['-C', dirname(manifest), 'build/Release/better_sqlite3.node'],
  ])
  return folder
}

function imageEnvironment(): Readonly<Record<string, string>> {
  const registry = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim()
  return {
    PATH: `${dirname(process.execPath)}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
    NODE_EXTRA_CA_CERTS: '/etc/ssl/certs/ca-certificates.crt',
    NPM_CONFIG_REGISTRY: registry,
    npm_config_better_sqlite3_local_prebuilds: prebuiltFolder,
  }
}

function below(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(name => join(folder, name))
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}

/** `/bin/sh` lies in /usr/bin where /bin is a link. */
function realPath(path: string): string {
  return join(realpathSync(dirname(path)), basename(path))
}

function lines(command: string, args: readonly string[]): readonly string[] {
  const maxBuffer = 64 * 1024 * 1024
  return execFileSync(command, args, { encoding: 'utf8', maxBuffer }).split('\n')
}
