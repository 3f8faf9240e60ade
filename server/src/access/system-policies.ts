import type { PolicyRecord } from '../ports/access-store.ts'

const policy = (name: string, description: string, ...actions: string[]): PolicyRecord => ({
  name,
  description,
  document: JSON.stringify({
    Version: '1',
    Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }],
  }),
  createdMs: 0,
  modifiedMs: 0,
})

/** Policies that are always there and cannot be changed, under the names that the live service gives them. */
export const SYSTEM_POLICIES: ReadonlyMap<string, PolicyRecord> = new Map(
  [
    policy('AdministratorAccess', 'Everything but managing users, keys, policies and roles.', '*'),
    policy('AliyunICEFullAccess', 'All operations for agents and calls.', 'ice:*'),
    policy(
      'AliyunICEReadOnlyAccess',
      'Operations that only read about agents and calls.',
      'ice:Describe*',
      'ice:Get*',
      'ice:List*',
      'ice:Search*',
      'ice:Export*',
    ),
    policy('AliyunSTSAssumeRoleAccess', 'Assuming roles.', 'sts:AssumeRole'),
  ].map((entry) => [entry.name, entry]),
)
