import { useMay } from '../../api/session';
import { PageHeader } from '../../components/page-header';
import { PageTabs } from '../../components/page-tabs';
import { GroupsTab } from './groups-tab';
import { TesterTab } from './tester-tab';
import { TokensTab } from './tokens-tab';
import { UsersTab } from './users-tab';

/** Who may use what: tokens, groups, users, and why somebody may. */
export function AccessPage() {
  const may = useMay();
  const tabs = [
    { value: 'tokens', label: 'Tokens', panel: <TokensTab />, isOffered: may('tokens:own') },
    { value: 'groups', label: 'Groups', panel: <GroupsTab />, isOffered: may('groups:read') },
    { value: 'users', label: 'Users', panel: <UsersTab />, isOffered: may('users:manage') },
    { value: 'tester', label: 'Tester', panel: <TesterTab />, isOffered: may('groups:read') },
  ].filter(({ isOffered }) => isOffered);
  return (
    <>
      <PageHeader
        title="Access"
        description="Tokens are for programs, users for people; groups say which servers and tools they may use."
      />
      <PageTabs label="Parts of this page" tabs={tabs} />
    </>
  );
}
