import { PageHeader } from '../../components/page-header';
import { PageTabs } from '../../components/page-tabs';
import { ConfigurationTab } from './configuration-tab';
import { GenerationsTab } from './generations-tab';
import { StatusTab } from './status-tab';

/** What nginx serves, what it was given before, and how to go back. */
export function GatewayPage() {
  return (
    <>
      <PageHeader
        title="Gateway"
        description="nginx carries every call. Each change of a server becomes a generation of its configuration."
      />
      <PageTabs
        label="Parts of this page"
        tabs={[
          { value: 'status', label: 'Status', panel: <StatusTab /> },
          { value: 'configuration', label: 'Configuration', panel: <ConfigurationTab /> },
          { value: 'generations', label: 'Generations', panel: <GenerationsTab /> },
        ]}
      />
    </>
  );
}
