import { Skeleton } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { request, serverUrl } from '../../api/http';
import { Problem } from '../../api/problem';
import { useChange } from '../../api/server-changes';
import { useServerRights } from '../../api/server-rights';
import { serverKey, useServer, type ServerView } from '../../api/servers';
import { EmptyState } from '../../components/empty-state';
import { ErrorAlert } from '../../components/error-alert';
import { notifyDone, notifyError, notifyOutcome } from '../../components/notify';
import { PageHeader } from '../../components/page-header';
import { ConflictDialog } from './conflict-dialog';
import { changedFields, formValuesOf, inputOf, type ServerFormValues } from './form-values';
import { ServerForm } from './server-form';
import { useLeaveWarning } from './use-leave-warning';
import { showFieldErrors, useServerForm } from './use-server-form';

/** Changes one server. */
export function EditPage() {
  const path = `/${useParams()['*'] ?? ''}`;
  const { data: server, error, refetch } = useServer(path);
  const rights = useServerRights();
  if (server === undefined) {
    return error === null ? (
      <Skeleton height={400} aria-label="Loading the server" />
    ) : (
      <ErrorAlert error={error} onRetry={() => void refetch()} />
    );
  }
  if (!rights(server).edit) {
    return (
      <EmptyState icon={IconLock} title="You may not change this server">
        {server.exclusion?.reason === 'invalid-record'
          ? 'Its stored record is broken: it can be deleted and registered anew.'
          : `It belongs to ${server.owner}.`}
      </EmptyState>
    );
  }
  return (
    <>
      <PageHeader title={`Edit ${server.name}`} description={server.path} />
      <EditForm key={path} server={server} />
    </>
  );
}

/** @param server what is edited stays what it was when the page was opened, whatever becomes of it meanwhile */
function EditForm({ server }: { readonly server: ServerView }) {
  const [base, setBase] = useState(server);
  const [theirs, setTheirs] = useState<ServerView>();
  const existing = { path: base.path, stored: base.auth };
  const { form, taken } = useServerForm(formValuesOf(base), existing);
  const change = useChange();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const warning = useLeaveWarning(form.isDirty() && !change.isSuccess);

  const save = () => {
    const body = changedFields(
      inputOf(formValuesOf(base), base.auth),
      inputOf(form.getValues(), base.auth),
    );
    if (Object.keys(body).length === 0) {
      notifyDone('Nothing was changed');
      void navigate(`/servers${base.path}`);
      return;
    }
    change.mutate(
      { path: base.path, body, ifRevision: base.revision },
      {
        onSuccess: (changed) => {
          notifyOutcome(`${changed.name} was changed`, changed);
          void navigate(`/servers${changed.path}`);
        },
        onError: (error) => {
          if (isConflict(error)) void showTheirs();
          else showFieldErrors(form, error);
        },
      },
    );
  };
  const showTheirs = async () => {
    try {
      const newest = await request<ServerView>('GET', serverUrl(base.path));
      queries.setQueryData(serverKey(base.path), newest);
      setTheirs(newest);
    } catch (error) {
      notifyError('The server was changed or deleted meanwhile', error);
    }
  };
  const goOn = (values: ServerFormValues, newest: ServerView) => {
    setBase(newest);
    form.setInitialValues(formValuesOf(newest));
    form.setValues(values);
    form.clearErrors();
    change.reset();
    setTheirs(undefined);
  };
  return (
    <>
      <ServerForm
        form={form}
        taken={taken}
        existing={existing}
        action="Save"
        isSaving={change.isPending}
        error={isConflict(change.error) ? undefined : change.error}
        onSave={save}
        onCancel={() => void navigate(`/servers${base.path}`)}
      />
      {theirs !== undefined && (
        <ConflictDialog
          base={formValuesOf(base)}
          theirs={formValuesOf(theirs)}
          mine={form.getValues()}
          onGoOn={(values) => goOn(values, theirs)}
          onClose={() => setTheirs(undefined)}
        />
      )}
      {warning}
    </>
  );
}

function isConflict(error: unknown): boolean {
  return error instanceof Problem && error.code === 'revision-conflict';
}
