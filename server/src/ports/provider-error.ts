/** What went wrong at a provider. `call/` alone decides to retry, go on without, or apologise. */
export interface ProviderError {
  /** For the operator. Never holds what was said, nor a secret. */
  readonly message: string
  /** True when the same request may succeed if sent again. */
  readonly isRetryable: boolean
}
