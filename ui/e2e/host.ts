import { execFile } from 'node:child_process'
import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { build, preview, type PreviewServer } from 'vite'
import { freePort } from './school'

const ui = path.resolve(import.meta.dirname, '..')
const ownPackages = ['@types/react', '@types/react-dom']

/** Another application, that of ui/example. It has the packed library among its packages, and none of the sources. */
export class Host {
  private server: PreviewServer | null = null

  private constructor(
    readonly dir: string,
    private readonly port: number,
  ) {}

  static async install(dir: string): Promise<Host> {
    const library = path.join(dir, 'node_modules/messagerie-ui')
    await cp(path.join(ui, 'example'), dir, { recursive: true })
    await mkdir(library, { recursive: true })
    await run('npm', ['pack', '--pack-destination', dir], ui)
    const packed = (await readdir(dir)).find((name) => name.endsWith('.tgz')) ?? ''
    await run('tar', ['xzf', packed, '--strip-components=1', '-C', library], dir)
    for (const name of [...(await neededBy(library)), ...ownPackages]) await link(name, dir)
    return new Host(dir, await freePort())
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** Builds its page and serves it. */
  async serve(): Promise<void> {
    const common = { root: this.dir, configFile: false, logLevel: 'error' } as const
    await build({ ...common, build: { target: 'es2022' } })
    this.server = await preview({ ...common, preview: { host: '127.0.0.1', port: this.port, strictPort: true } })
  }

  async stop(): Promise<void> {
    await this.server?.close()
  }

  /** Sets what its page gets from /messagerie.json. */
  async tell(connection: { baseUrl: string; token: string }): Promise<void> {
    await writeFile(path.join(this.dir, 'dist/messagerie.json'), JSON.stringify(connection))
  }

  async checkTypes(): Promise<void> {
    await run(process.execPath, [path.join(ui, 'node_modules/typescript/bin/tsc'), '-p', '.'], this.dir)
  }

  /** Runs a program in Node and returns its output. */
  runInNode(program: string): Promise<string> {
    return run(process.execPath, ['--input-type=module', '--eval', program], this.dir)
  }
}

/** The packages that are installed with the library. */
async function neededBy(library: string): Promise<string[]> {
  const about = JSON.parse(await readFile(path.join(library, 'package.json'), 'utf8')) as Record<string, Record<string, string>>
  return Object.keys({ ...about.dependencies, ...about.peerDependencies })
}

async function link(name: string, dir: string): Promise<void> {
  const target = path.join(dir, 'node_modules', name)
  await mkdir(path.dirname(target), { recursive: true })
  await symlink(path.join(ui, 'node_modules', name), target)
}

async function run(command: string, given: string[], cwd: string): Promise<string> {
  try {
    return (await promisify(execFile)(command, given, { cwd })).stdout
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    throw new Error(`${command} ${given.join(' ')}:\n${stdout}${stderr}`, { cause: error })
  }
}
