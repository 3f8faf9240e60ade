import { Type } from 'typebox'
import { policyDocument } from './policy.ts'

/** A user as it is given back. */
export const accessUser = Type.Object({
  UserId: Type.String(),
  UserName: Type.String(),
  DisplayName: Type.String(),
  /** Names of the policies attached to it. */
  Policies: Type.Array(Type.String()),
  GmtCreate: Type.String(),
})

/** A key as it is given back: its secret is shown only when it is made. */
export const accessKey = Type.Object({
  AccessKeyId: Type.String(),
  UserName: Type.String(),
  Status: Type.Enum(['Active', 'Inactive']),
  GmtCreate: Type.String(),
})

export const newAccessKey = Type.Object({
  ...accessKey.properties,
  AccessKeySecret: Type.String(),
})

export const accessPolicy = Type.Object({
  PolicyName: Type.String(),
  /** Policies of the system cannot be changed. */
  PolicyType: Type.Enum(['System', 'Custom']),
  Description: Type.String(),
  PolicyDocument: policyDocument,
  /** Not of policies of the system. */
  GmtCreate: Type.Optional(Type.String()),
  GmtModified: Type.Optional(Type.String()),
})

export const accessRole = Type.Object({
  RoleId: Type.String(),
  RoleName: Type.String(),
  Arn: Type.String(),
  Description: Type.String(),
  /** Who may assume it. */
  AssumeRolePolicyDocument: policyDocument,
  /** Longest session, s. */
  MaxSessionDuration: Type.Integer(),
  Policies: Type.Array(Type.String()),
  GmtCreate: Type.String(),
})
