import { Tabs } from '@mantine/core';
import { IconDatabaseImport, IconForms, IconJson, IconLock } from '@tabler/icons-react';
import { useNavigate, useSearchParams } from 'react-router';
import { useMay } from '../../api/session';
import { useRegister } from '../../api/server-changes';
import { EmptyState } from '../../components/empty-state';
import { notifyOutcome } from '../../components/notify';
import { PageHeader } from '../../components/page-header';
import { inputOf, NEW_SERVER } from './form-values';
import { ImportTab } from './import-tab';
import { PullTab } from './pull-tab';
import { ServerForm } from './server-form';
import classes from './register.module.css';
import { useLeaveWarning } from './use-leave-warning';
import { showFieldErrors, useServerForm } from './use-server-form';

/** Where servers may come from besides the form. */
const SOURCES = ['json', 'registry'] as const;

/** Makes servers known to the gateway: one by a form, or several from a file or another registry. */
export function RegisterPage() {
  const mayRegister = useMay()('servers:write');
  const [query, setQuery] = useSearchParams();
  if (!mayRegister) {
    return (
      <EmptyState icon={IconLock} title="You may not register servers">
        Ask an administrator for the role developer, or to register the server for you.
      </EmptyState>
    );
  }
  return (
    <>
      <PageHeader
        title="Register a server"
        description="The gateway makes an MCP server available at a path of its own."
      />
      <Tabs
        value={SOURCES.find((source) => source === query.get('from')) ?? 'form'}
        onChange={(tab) =>
          setQuery(tab === null || tab === 'form' ? {} : { from: tab }, { replace: true })
        }
      >
        <Tabs.List mb="md" className={classes.sources}>
          <Tabs.Tab value="form" leftSection={<IconForms size={16} />}>
            Form
          </Tabs.Tab>
          <Tabs.Tab value="json" leftSection={<IconJson size={16} />}>
            From JSON
          </Tabs.Tab>
          <Tabs.Tab value="registry" leftSection={<IconDatabaseImport size={16} />}>
            From a registry
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="form">
          <NewServer />
        </Tabs.Panel>
        <Tabs.Panel value="json">
          <ImportTab />
        </Tabs.Panel>
        <Tabs.Panel value="registry">
          <PullTab />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function NewServer() {
  const { form, taken } = useServerForm(NEW_SERVER);
  const register = useRegister();
  const navigate = useNavigate();
  const warning = useLeaveWarning(form.isDirty() && !register.isSuccess);
  const save = () =>
    register.mutate(inputOf(form.getValues()), {
      onSuccess: (registered) => {
        notifyOutcome(`${registered.name} is registered`, registered);
        void navigate(`/servers${registered.path}`);
      },
      onError: (error) => void showFieldErrors(form, error),
    });
  return (
    <>
      <ServerForm
        form={form}
        taken={taken}
        action="Register"
        isSaving={register.isPending}
        error={register.error}
        onSave={save}
        onCancel={() => void navigate('/servers')}
      />
      {warning}
    </>
  );
}
