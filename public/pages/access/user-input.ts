import type { Role, UserInput, UserView } from '../../api/users';

export interface UserFormValues {
  readonly username: string;
  readonly displayName: string;
  readonly roles: readonly Role[];
  readonly groups: readonly string[];
  readonly disabled: boolean;
  /** Empty: none, or the one that there is. */
  readonly password: string;
  readonly mustChangePassword: boolean;
}

export const ROLES = [
  { value: 'viewer', label: 'Viewer: uses servers and tools' },
  { value: 'developer', label: 'Developer: registers servers of their own' },
  { value: 'operator', label: 'Operator: sees all, enables and disables' },
  { value: 'admin', label: 'Admin: everything' },
] as const satisfies readonly { value: Role; label: string }[];

export function formValuesOf(user: UserView | undefined): UserFormValues {
  return {
    username: user?.username ?? '',
    displayName: user?.displayName ?? '',
    roles: user?.roles ?? ['viewer'],
    groups: user?.groups ?? [],
    disabled: user?.disabled ?? false,
    password: '',
    mustChangePassword: true,
  };
}

/** What is asked of the API; a password only where one was written. */
export function userInput(values: UserFormValues): UserInput {
  const { displayName, roles, groups, disabled, password, mustChangePassword } = values;
  return {
    displayName: displayName.trim(),
    roles,
    groups,
    disabled,
    ...(password !== '' && { password, mustChangePassword }),
  };
}
