import { Type } from 'typebox'
import { ok } from '../base/result.ts'
import { roleArn, userArn, type Principal } from '../access/principal.ts'
import { described } from '../schema/described.ts'
import { STS_VERSION } from '../schema/operation-names.ts'
import { operation } from './operation.ts'

/** Who the caller is; whoever has a key may ask. */
export const getCallerIdentity = operation({
  name: 'GetCallerIdentity',
  version: STS_VERSION,
  summary: 'Tells whose key signed the request.',
  errors: [],
  callers: 'anyone',
  input: Type.Object({}),
  about: {},
  output: Type.Object(
    described(
      {
        IdentityType: Type.Enum(['Account', 'RAMUser', 'AssumedRoleUser']),
        AccountId: Type.String(),
        PrincipalId: Type.String(),
        Arn: Type.String(),
        UserId: Type.Optional(Type.String()),
        RoleId: Type.Optional(Type.String()),
      },
      {
        IdentityType: 'The account itself, a user, or a session of a role.',
        AccountId: 'The account.',
        PrincipalId:
          'Id of the account or the user; of a session: id of the role, a colon, name of the session.',
        Arn: 'The same as an ARN.',
        UserId: 'Id of the account or the user; not of a session.',
        RoleId: 'Id of the role; only of a session.',
      },
    ),
  ),
  run: (_, { caller }) => Promise.resolve(ok(identityOf(caller))),
})

function identityOf({ type, id, accountId, name = '', roleName = '', sessionName }: Principal) {
  const common = { AccountId: accountId, PrincipalId: id }
  switch (type) {
    case 'Account':
      return {
        ...common,
        IdentityType: 'Account' as const,
        PrincipalId: accountId,
        Arn: `acs:ram::${accountId}:root`,
        UserId: accountId,
      }
    case 'SubUser':
      return {
        ...common,
        IdentityType: 'RAMUser' as const,
        Arn: userArn(accountId, name),
        UserId: id,
      }
    case 'AssumedRoleUser':
      return {
        ...common,
        IdentityType: 'AssumedRoleUser' as const,
        Arn: `${roleArn(accountId, roleName)}/${sessionName}`,
        RoleId: id.split(':', 1)[0] ?? '',
      }
  }
}
