import {
  Autocomplete,
  Card,
  SegmentedControl,
  Select,
  SimpleGrid,
  Stack,
  Text,
  Title,
} from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { useAccessExplanation } from '../../api/explain-access';
import { useServers } from '../../api/servers';
import { useMay } from '../../api/session';
import { useToolNames } from '../../api/tool-names';
import { ErrorAlert } from '../../components/error-alert';
import {
  questionOf,
  testerSearch,
  testerState,
  type Holder,
  type TesterState,
} from './access-question';
import { ExplanationCard } from './explanation-card';
import { HolderField } from './holder-field';

const TYPING_MS = 300;
const WORDS: Readonly<Record<Holder, string>> = {
  token: 'A token',
  user: 'A user',
  groups: 'Groups',
};

/** May somebody call a tool, and why? */
export function TesterTab() {
  const may = useMay();
  const holders: Holder[] = [
    ...(may('users:manage') ? (['user'] as const) : []),
    ...(may('tokens:own') ? (['token'] as const) : []),
    'groups',
  ];
  const [search, setSearch] = useSearchParams();
  const state = testerState(search, holders[0] ?? 'groups');
  const set = (change: Partial<TesterState>) =>
    setSearch(testerSearch({ ...state, ...change }), { replace: true });
  const [settled] = useDebouncedValue(JSON.stringify(questionOf(state) ?? null), TYPING_MS);
  const question = useMemo(
    () => (JSON.parse(settled) as ReturnType<typeof questionOf> | null) ?? undefined,
    [settled],
  );
  const { data, error, refetch } = useAccessExplanation(question);
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
      <Card p="lg" component="section" aria-labelledby="question">
        <Title order={2} size="h4" mb="md" id="question">
          Who may call what?
        </Title>
        <Stack gap="md">
          <SegmentedControl
            aria-label="Whose access"
            data={holders.map((value) => ({ value, label: WORDS[value] }))}
            value={state.holder}
            onChange={(holder) => set({ holder, who: '' })}
          />
          <HolderField holder={state.holder} who={state.who} onChange={(who) => set({ who })} />
          <ServerAndTool state={state} onChange={set} />
        </Stack>
      </Card>
      <div aria-live="polite">
        {error !== null && <ErrorAlert error={error} onRetry={() => void refetch()} />}
        {data !== undefined && question !== undefined && <ExplanationCard explanation={data} />}
        {question === undefined && (
          <Text c="dimmed" size="sm" p="lg">
            Choose somebody and a server: the answer says which pattern of which group decides.
          </Text>
        )}
      </div>
    </SimpleGrid>
  );
}

function ServerAndTool(props: {
  readonly state: TesterState;
  readonly onChange: (change: Partial<TesterState>) => void;
}) {
  const { state, onChange } = props;
  const servers = useServers().data;
  const tools = useToolNames().data;
  const places = useMemo(
    () => (servers ?? []).map(({ path, name }) => ({ value: path, label: `${name} (${path})` })),
    [servers],
  );
  const names = useMemo(
    () => [
      ...new Set((tools ?? []).filter((tool) => tool.server === state.server).map((t) => t.name)),
    ],
    [tools, state.server],
  );
  return (
    <>
      <Select
        label="Server"
        placeholder="Choose a server"
        data={places}
        value={state.server === '' ? null : state.server}
        onChange={(server) => onChange({ server: server ?? '', tool: '' })}
        searchable
        clearable
        limit={50}
        nothingFoundMessage="There is no such server"
      />
      <Autocomplete
        label="Tool"
        description="Without one: whether anything of the server may be used"
        placeholder="Any"
        data={names}
        value={state.tool}
        onChange={(tool) => onChange({ tool })}
        limit={50}
        clearable
      />
    </>
  );
}
