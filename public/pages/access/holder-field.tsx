import { Select, TagsInput } from '@mantine/core';
import { useGroups } from '../../api/groups';
import { useTokens } from '../../api/tokens';
import { useUsers } from '../../api/users';
import { groupNames, type Holder } from './access-question';

interface Props {
  readonly who: string;
  readonly onChange: (who: string) => void;
}

/** Picks whose access is meant. */
export function HolderField({ holder, ...rest }: Props & { readonly holder: Holder }) {
  if (holder === 'token') return <TokenField {...rest} />;
  return holder === 'user' ? <UserField {...rest} /> : <GroupsField {...rest} />;
}

function TokenField({ who, onChange }: Props) {
  const tokens = useTokens().data?.tokens ?? [];
  return (
    <Select
      label="Token"
      placeholder="Choose a token"
      data={tokens.map(({ id, name, owner }) => ({ value: id, label: `${name} of ${owner}` }))}
      value={who === '' ? null : who}
      onChange={(id) => onChange(id ?? '')}
      searchable
      limit={50}
      nothingFoundMessage="There is no such token"
    />
  );
}

function UserField({ who, onChange }: Props) {
  const users = useUsers().data?.users ?? [];
  return (
    <Select
      label="User"
      placeholder="Choose a user"
      data={users.map(({ username, displayName }) => ({
        value: username,
        label: displayName === undefined ? username : `${displayName} (${username})`,
      }))}
      value={who === '' ? null : who}
      onChange={(username) => onChange(username ?? '')}
      searchable
      limit={50}
      nothingFoundMessage="There is no such user"
    />
  );
}

function GroupsField({ who, onChange }: Props) {
  const groups = useGroups().data?.groups ?? [];
  return (
    <TagsInput
      label="Groups"
      description="Somebody who has these and nothing else"
      data={groups.map(({ name }) => name)}
      value={groupNames(who)}
      onChange={(names) => onChange(names.join(','))}
      splitChars={[',']}
    />
  );
}
