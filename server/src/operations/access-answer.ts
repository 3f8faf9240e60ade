import type { Static } from 'typebox'
import type { AccessDirectory } from '../access/directory.ts'
import { roleArn } from '../access/principal.ts'
import { SYSTEM_POLICIES } from '../access/system-policies.ts'
import type {
  AccessKeyRecord,
  PolicyRecord,
  RoleRecord,
  UserRecord,
} from '../ports/access-store.ts'
import type { policyDocument } from '../schema/policy.ts'
import { gmtTime } from '../schema/wire.ts'

type Document = Static<typeof policyDocument>

const policyNames = (holderId: string, access: AccessDirectory): string[] =>
  access.policiesOf(holderId).map(({ name }) => name)

export const userAnswer = (user: UserRecord, access: AccessDirectory) => ({
  UserId: user.userId,
  UserName: user.name,
  DisplayName: user.displayName,
  Policies: policyNames(user.userId, access),
  GmtCreate: gmtTime(user.createdMs),
})

/** Without its secret. */
export const keyAnswer = (key: AccessKeyRecord, user: UserRecord) => ({
  AccessKeyId: key.accessKeyId,
  UserName: user.name,
  Status: key.status,
  GmtCreate: gmtTime(key.createdMs),
})

export function policyAnswer(policy: PolicyRecord) {
  const isOfSystem = SYSTEM_POLICIES.has(policy.name)
  return {
    PolicyName: policy.name,
    PolicyType: isOfSystem ? ('System' as const) : ('Custom' as const),
    Description: policy.description,
    PolicyDocument: JSON.parse(policy.document) as Document,
    ...(!isOfSystem && {
      GmtCreate: gmtTime(policy.createdMs),
      GmtModified: gmtTime(policy.modifiedMs),
    }),
  }
}

export const roleAnswer = (role: RoleRecord, access: AccessDirectory) => ({
  RoleId: role.roleId,
  RoleName: role.name,
  Arn: roleArn(access.accountId, role.name),
  Description: role.description,
  AssumeRolePolicyDocument: JSON.parse(role.trustPolicy) as Document,
  MaxSessionDuration: role.maxSessionS,
  Policies: policyNames(role.roleId, access),
  GmtCreate: gmtTime(role.createdMs),
})
