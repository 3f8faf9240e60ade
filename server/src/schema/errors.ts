/**
 * Every code a client can see, with its HTTP status and standard text. `Missing<Name>` and
 * `Malformed<Name>` are families and made by the functions below.
 */
export const ERRORS = {
  'InvalidAction.NotFound': {
    status: 404,
    message: 'Specified api is not found, please check your url and method.',
  },
  'InvalidAction.NotSupported': {
    status: 400,
    message: 'This action is not supported by this server yet.',
  },
  InvalidVersion: { status: 400, message: 'Specified parameter Version is not valid.' },
  UnsupportedHTTPMethod: { status: 405, message: 'This http method is not supported.' },
  'InvalidProtocol.NeedSsl': {
    status: 400,
    message: 'Your request is denied as lack of ssl protect.',
  },
  IncompleteSignature: {
    status: 400,
    message: 'The request signature does not conform to Aliyun standards.',
  },
  'InvalidAccessKeyId.NotFound': { status: 404, message: 'Specified access key is not found.' },
  'InvalidAccessKeyId.Inactive': { status: 400, message: 'Specified access key is disabled.' },
  'InvalidTimeStamp.Format': {
    status: 400,
    message: 'Specified time stamp or date value is not well formatted.',
  },
  'InvalidTimeStamp.Expired': {
    status: 400,
    message: 'Specified time stamp or date value is expired.',
  },
  SignatureNonceUsed: { status: 400, message: 'Specified signature nonce was used already.' },
  'InvalidParameter.Format': { status: 400, message: 'Specified parameter format is not valid.' },
  'InvalidSecurityToken.Malformed': {
    status: 400,
    message: 'Specified SecurityToken is malformed.',
  },
  'InvalidSecurityToken.MismatchWithAccessKey': {
    status: 400,
    message: 'Specified SecurityToken mismatch with the AccessKey.',
  },
  'InvalidSecurityToken.Expired': { status: 400, message: 'Specified SecurityToken is expired.' },
  InvalidSignatureMethod: {
    status: 400,
    message: 'Specified signature method is not supported.',
  },
  InvalidSignatureVersion: {
    status: 400,
    message: 'Specified parameter SignatureVersion is not valid.',
  },
  SignatureDoesNotMatch: {
    status: 400,
    message: 'Specified signature does not match our calculation.',
  },
  Throttling: { status: 400, message: 'Request was denied due to request throttling.' },
  'Throttling.User': { status: 400, message: 'Request was denied due to user flow control.' },
  NoPermission: { status: 403, message: 'You are not authorized to do this operation.' },
  InvalidParameter: { status: 400, message: 'The specified parameter value is not valid.' },
  // Of access: users, keys, policies, roles and their sessions.
  'InvalidParameter.RoleArn': { status: 400, message: 'The parameter RoleArn is wrongly formed.' },
  'InvalidParameter.RoleSessionName': {
    status: 400,
    message: 'The parameter RoleSessionName is wrongly formed.',
  },
  'InvalidParameter.DurationSeconds': {
    status: 400,
    message: 'The parameter DurationSeconds is not valid.',
  },
  'InvalidParameter.ExternalId': {
    status: 400,
    message: 'The parameter ExternalId is wrongly formed.',
  },
  'InvalidParameter.PolicyGrammar': {
    status: 400,
    message: 'The parameter Policy has not passed grammar check.',
  },
  'InvalidParameter.PolicySize': {
    status: 400,
    message: 'The parameter Policy has more than 2048 characters.',
  },
  'EntityNotExist.User': { status: 404, message: 'The specified User not exists.' },
  'EntityNotExist.AccessKey': { status: 404, message: 'The specified AccessKey not exists.' },
  'EntityNotExist.Policy': { status: 404, message: 'The specified Policy not exists.' },
  'EntityNotExist.Role': { status: 404, message: 'The specified Role not exists.' },
  'EntityAlreadyExists.User': { status: 409, message: 'There is a user of that name already.' },
  'EntityAlreadyExists.Role': { status: 409, message: 'There is a role of that name already.' },
  'DeleteConflict.Policy': {
    status: 409,
    message: 'The policy is attached to users or roles: detach it first.',
  },
  LimitExceeded: { status: 409, message: 'There are as many as there can be already.' },
  EndTimeMismatch: {
    status: 400,
    message: 'Specified end time does not math the specified start time.',
  },
  InvalidAuthToken: { status: 400, message: 'The specified AuthToken is not valid.' },
  AgentNotFound: { status: 404, message: 'The specified agentId is not found' },
  ChatLogNotFound: { status: 404, message: 'There is no such dialogue in this session.' },
  InstanceNotFound: { status: 404, message: 'The specified instance is not found.' },
  InstanceAlreadyExists: {
    status: 409,
    message: 'An agent of that AgentUserId is in that channel already.',
  },
  InvalidInstanceStatus: {
    status: 400,
    message: 'The instance is finished: it cannot be changed any more.',
  },
  InternalError: {
    status: 500,
    message: 'The request processing has failed due to some unknown error.',
  },
  ServiceUnavailable: {
    status: 503,
    message: 'The request has failed due to a temporary failure of the server.',
  },
  /** Before a request could be read at all. */
  MalformedRequest: { status: 400, message: 'The HTTP request is malformed.' },
  RequestTimeout: { status: 408, message: 'The request did not arrive in time.' },
  RequestEntityTooLarge: { status: 413, message: 'The request body is too large.' },
  RequestHeaderTooLarge: {
    status: 431,
    message: 'The request line and headers are too large.',
  },
  // Of our own paths: channels, call logs, pages.
  InvalidToken: { status: 401, message: 'The channel token is not valid.' },
  SignInFailed: { status: 401, message: 'The access key or its secret is wrong.' },
  CrossSiteRequest: { status: 403, message: 'Only a page of this server may do that.' },
  InvalidRecordingUrl: { status: 403, message: 'This address of a recording is not valid.' },
  RecordingNotFound: { status: 404, message: 'There is no such recording.' },
  InvalidCallLogUrl: { status: 403, message: 'This address of a call log is not valid.' },
  CallLogNotFound: { status: 404, message: 'There is no such call log.' },
  ChannelNotFound: { status: 404, message: 'There is no such channel.' },
  ConnectionNotFound: {
    status: 404,
    message: 'There is no such connection of this user (any more).',
  },
  InvalidOffer: { status: 400, message: 'The SDP offer is not valid.' },
  UnsupportedMediaType: {
    status: 415,
    message:
      'The body must be an SDP offer with Content-Type application/sdp, or application/json.',
  },
  UpgradeRequired: {
    status: 426,
    message: 'This address takes WebSocket handshakes (version 13) only.',
  },
  ExpectationFailed: { status: 417, message: 'The only expectation met is 100-continue.' },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly message: string }>>

export type ErrorCode = keyof typeof ERRORS | `Missing${string}` | `Malformed${string}`

export interface ApiError {
  readonly code: ErrorCode
  /** Instead of the code's standard text. */
  readonly message?: string
  /** Why the caller may not do it; a member of its own in the answer. */
  readonly accessDeniedDetail?: Readonly<Record<string, string>>
  /** Headers of the answer: when to come again. */
  readonly headers?: Readonly<Record<string, string>>
}

const isKnown = (code: string): code is keyof typeof ERRORS => Object.hasOwn(ERRORS, code)

export function statusOf(error: ApiError): number {
  return isKnown(error.code) ? ERRORS[error.code].status : 400
}

export function messageOf(error: ApiError): string {
  if (error.message !== undefined) return error.message
  if (isKnown(error.code)) return ERRORS[error.code].message
  const missing = /^Missing(.+)$/.exec(error.code)?.[1]
  if (missing !== undefined) return `${missing} is mandatory for this action.`
  return `Specified parameter ${error.code.replace(/^Malformed/, '')} is not valid.`
}

export const missing = (name: string): ApiError => ({ code: `Missing${name}` })

/** `why` is a clause: what is allowed and what came. */
export const invalidParameter = (name: string, why: string): ApiError => ({
  code: 'InvalidParameter',
  message: `The specified parameter ${name} value is not valid: ${why}.`,
})
