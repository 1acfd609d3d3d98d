import { readFileSync } from 'node:fs'
import { type Dispatcher, EnvHttpProxyAgent, fetch, type Response } from 'undici'
import { failure, messageOf } from '../../error.ts'
import type { PipConfig } from '../pip/config.ts'

/** Fetches as pip is configured to: through its proxy, or the environment's, trusting whom it trusts. */
export type Http = (url: string, headers?: Readonly<Record<string, string>>) => Promise<Response>

/** A function that fetches, made from pip's configuration. */
export function http(config: PipConfig): Http {
  const agents = new Map<boolean, Dispatcher>()
  const agentFor = (trusted: boolean): Dispatcher => {
    const agent = agents.get(trusted) ?? newAgent(config, trusted)
    agents.set(trusted, agent)
    return agent
  }
  return async (url, headers = {}) => {
    const { bare, authorization, host, hostname } = parts(url)
    const trusted = config.trustedHosts.some((name) => name === host || name === hostname)
    try {
      return await fetch(bare, { headers: { ...headers, ...authorization }, dispatcher: agentFor(trusted) })
    } catch (error) {
      const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
      throw failure('FETCH_FAILED', `${bare} cannot be fetched: ${messageOf(cause)}.`, error)
    }
  }
}

/** An address as it may be shown: without the name and password in it. */
export function shown(url: string): string {
  return URL.canParse(url) ? parts(url).bare : url
}

function newAgent({ certificates, proxy }: PipConfig, trusted: boolean): EnvHttpProxyAgent {
  const tls = {
    ...(certificates === undefined ? {} : { ca: certificatesIn(certificates) }),
    ...(trusted && { rejectUnauthorized: false }),
  }
  const options = {
    connect: { ...tls, timeout: 30_000 },
    // For what lies behind a proxy.
    requestTls: tls,
    headersTimeout: 60_000,
    bodyTimeout: 60_000,
    ...(proxy === undefined ? {} : { httpProxy: proxy, httpsProxy: proxy }),
  }
  return new EnvHttpProxyAgent(options)
}

function certificatesIn(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw failure(
      'NO_CERTIFICATES',
      `pip is configured to trust ${file}, which cannot be read: ${messageOf(error)}`,
      error,
    )
  }
}

function parts(address: string) {
  const url = new URL(address)
  const { username, password, host, hostname } = url
  url.username = ''
  url.password = ''
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  const authorization = username === '' ? {} : { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
  return { bare: url.href, authorization, host, hostname }
}
