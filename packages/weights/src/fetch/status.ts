import { weightsError } from '../error.ts'

/** The error for an answer that is none: `NOT_FOUND`, `SERVER_BUSY` (worth another attempt) or `HTTP_STATUS`. */
export function statusError(url: string, status: number): Error {
  if (status === 404 || status === 410)
    return weightsError('NOT_FOUND', `${url} is not there (HTTP ${status}). Check the address.`)
  if (status === 408 || status === 429 || status >= 500) {
    return weightsError('SERVER_BUSY', `${url} was not served (HTTP ${status}). Try again later.`)
  }
  const remedy = status === 401 || status === 403 ? 'Check your access to it' : 'Check the address'
  return weightsError('HTTP_STATUS', `${url} was refused (HTTP ${status}). ${remedy}.`)
}
