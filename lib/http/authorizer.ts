/** Where access tokens come from, as the HTTP client sees it. */
export interface Authorizer {
  /** A token that is good for now; refreshed when it is about to expire. Throws `AuthError` when that is impossible. */
  accessToken(signal?: AbortSignal): Promise<string>;
  /** The service refused `rejected`: another token, or `AuthError`. */
  renew(rejected: string, signal?: AbortSignal): Promise<string>;
}
