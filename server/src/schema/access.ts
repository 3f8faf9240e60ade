import { Type } from 'typebox'
import { described } from './described.ts'
import { policyDocument } from './policy.ts'

/** A user as it is given back. */
export const accessUser = Type.Object(
  described(
    {
      UserId: Type.String(),
      UserName: Type.String(),
      DisplayName: Type.String(),
      Policies: Type.Array(Type.String()),
      GmtCreate: Type.String(),
    },
    {
      UserId: 'Its id, 18 digits.',
      UserName: 'Its name.',
      DisplayName: 'What it is called, for people.',
      Policies: 'Names of the policies it has.',
      GmtCreate: 'When it was made, ISO 8601.',
    },
  ),
)

/** A key as it is given back: its secret is shown only when it is made. */
export const accessKey = Type.Object(
  described(
    {
      AccessKeyId: Type.String(),
      UserName: Type.String(),
      Status: Type.Enum(['Active', 'Inactive']),
      GmtCreate: Type.String(),
    },
    {
      AccessKeyId: 'The key.',
      UserName: 'Whose it is.',
      Status: 'Inactive keys are refused.',
      GmtCreate: 'When it was made, ISO 8601.',
    },
  ),
)

export const newAccessKey = Type.Object({
  ...accessKey.properties,
  ...described(
    { AccessKeySecret: Type.String() },
    { AccessKeySecret: 'Its secret, shown this once.' },
  ),
})

export const accessPolicy = Type.Object(
  described(
    {
      PolicyName: Type.String(),
      PolicyType: Type.Enum(['System', 'Custom']),
      Description: Type.String(),
      PolicyDocument: policyDocument,
      GmtCreate: Type.Optional(Type.String()),
      GmtModified: Type.Optional(Type.String()),
    },
    {
      PolicyName: 'Its name.',
      PolicyType: 'Policies of the system cannot be changed.',
      Description: 'What it is for, for people.',
      PolicyDocument: 'The policy itself.',
      GmtCreate: 'When it was made, ISO 8601; not of policies of the system.',
      GmtModified: 'When it was last changed, ISO 8601.',
    },
  ),
)

export const accessRole = Type.Object(
  described(
    {
      RoleId: Type.String(),
      RoleName: Type.String(),
      Arn: Type.String(),
      Description: Type.String(),
      AssumeRolePolicyDocument: policyDocument,
      MaxSessionDuration: Type.Integer(),
      Policies: Type.Array(Type.String()),
      GmtCreate: Type.String(),
    },
    {
      RoleId: 'Its id, 18 digits.',
      RoleName: 'Its name.',
      Arn: 'Its name in policies.',
      Description: 'What it is for, for people.',
      AssumeRolePolicyDocument: 'Who may assume it.',
      MaxSessionDuration: { text: 'Longest session.', unit: 's' },
      Policies: 'Names of the policies it has.',
      GmtCreate: 'When it was made, ISO 8601.',
    },
  ),
)
