import { z } from 'zod';

type Shape = Readonly<Record<string, z.ZodType>>;

interface FleetTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: Shape;
  readonly annotations?: Readonly<Record<string, boolean>>;
}

/** A server as an organisation might have it: for pictures, so its tools answer, but do nothing. */
export interface FleetServer {
  readonly path: string;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly access?: 'public';
  readonly tools: readonly FleetTool[];
  /** `absent`: nobody listens. `locked`: it wants a log-in. `disabled`: the gateway does not pass calls on. */
  readonly condition?: 'absent' | 'locked' | 'disabled';
}

const READS = { readOnlyHint: true, idempotentHint: true } as const;
const WRITES = { readOnlyHint: false, destructiveHint: false } as const;
const DESTROYS = { readOnlyHint: false, destructiveHint: true } as const;

const text = (description: string) => z.string().describe(description);
const count = (description: string) => z.number().int().min(1).max(100).describe(description);

function tool(
  name: string,
  title: string,
  description: string,
  input: Shape,
  annotations: FleetTool['annotations'] = READS,
): FleetTool {
  return { name, title, description, input, annotations };
}

export const FLEET: readonly FleetServer[] = [
  {
    path: '/weather',
    name: 'Weather',
    description: 'Forecasts, warnings and past weather for any place, from the national services.',
    tags: ['data', 'public-api'],
    access: 'public',
    tools: [
      tool(
        'get_forecast',
        'Forecast',
        'The weather of the next days at a place, by hour or by day. Gives temperature, rain, wind and the chance of each.',
        {
          place: text('City, postcode or "latitude,longitude"'),
          days: z.number().int().min(1).max(14).default(3).describe('How many days from today'),
          resolution: z
            .enum(['hourly', 'daily'])
            .default('daily')
            .describe('One entry for each hour or day'),
        },
      ),
      tool('list_warnings', 'Warnings', 'Storm, flood and heat warnings in force in a region.', {
        region: text('State or county'),
      }),
      tool('get_history', 'Past weather', 'Measured weather of a station between two dates.', {
        station: text('Station id'),
        from: text('First day, ISO 8601'),
        to: text('Last day, ISO 8601'),
      }),
    ],
  },
  {
    path: '/github',
    name: 'GitHub',
    description: 'Repositories, issues, pull requests and actions of the organisation.',
    tags: ['dev', 'code'],
    tools: [
      tool(
        'search_issues',
        'Search issues',
        'Finds issues and pull requests by words, label, author and state.',
        {
          query: text('In the syntax of GitHub search'),
          limit: count('At most this many').default(20),
        },
      ),
      tool(
        'get_pull_request',
        'Pull request',
        'One pull request with its reviews, checks and changed files.',
        {
          repository: text('owner/name'),
          number: z.number().int().describe('Of the pull request'),
        },
      ),
      tool(
        'create_issue',
        'Create an issue',
        'Opens an issue in a repository.',
        {
          repository: text('owner/name'),
          title: text('One line'),
          body: text('Markdown').optional(),
          labels: z.array(z.string()).default([]).describe('Names of labels'),
        },
        WRITES,
      ),
      tool(
        'merge_pull_request',
        'Merge',
        'Merges a pull request when its checks are green.',
        {
          repository: text('owner/name'),
          number: z.number().int().describe('Of the pull request'),
          method: z.enum(['merge', 'squash', 'rebase']).default('squash').describe('How'),
        },
        DESTROYS,
      ),
      tool('read_file', 'Read a file', 'The content of a file at a commit or branch.', {
        repository: text('owner/name'),
        path: text('Within the repository'),
        ref: text('Branch, tag or commit').optional(),
      }),
      tool(
        'list_workflow_runs',
        'Workflow runs',
        'The latest runs of a workflow with their outcome.',
        { repository: text('owner/name'), workflow: text('File name of the workflow') },
      ),
    ],
  },
  {
    path: '/finance/ledger',
    name: 'Ledger',
    description: 'Accounts, bookings and open invoices of the finance department.',
    tags: ['finance', 'internal'],
    tools: [
      tool('list_invoices', 'Invoices', 'Open and paid invoices by customer and date.', {
        customer: text('Number of the customer').optional(),
        status: z.enum(['open', 'paid', 'overdue']).default('open').describe('Of the invoice'),
      }),
      tool('get_balance', 'Balance', 'The balance of an account on a day.', {
        account: text('Number of the account'),
        day: text('ISO 8601'),
      }),
      tool(
        'book_payment',
        'Book a payment',
        'Books a payment against an invoice.',
        { invoice: text('Number'), amount: z.number().positive().describe('In euros') },
        DESTROYS,
      ),
    ],
  },
  {
    path: '/finance/payroll',
    name: 'Payroll',
    description: 'Salaries and payslips. For the human resources team alone.',
    tags: ['finance', 'hr', 'restricted'],
    condition: 'locked',
    tools: [],
  },
  {
    path: '/jira',
    name: 'Jira',
    description: 'Tickets, sprints and boards of all product teams.',
    tags: ['dev', 'planning'],
    tools: [
      tool('search_tickets', 'Search tickets', 'Finds tickets with JQL.', {
        jql: text('For example: project = WEB AND status = Open'),
      }),
      tool(
        'transition_ticket',
        'Move a ticket',
        'Moves a ticket to another column.',
        { key: text('Such as WEB-123'), to: text('Name of the column') },
        WRITES,
      ),
      tool(
        'add_comment',
        'Comment',
        'Adds a comment to a ticket.',
        { key: text('Such as WEB-123'), body: text('Markdown') },
        WRITES,
      ),
      tool(
        'sprint_report',
        'Sprint report',
        'What was planned, done and carried over in a sprint.',
        { board: text('Name'), sprint: text('Name or number').optional() },
      ),
    ],
  },
  {
    path: '/warehouse',
    name: 'Data warehouse',
    description: 'Read-only SQL on the reporting database, with schemas and saved questions.',
    tags: ['data', 'sql', 'internal'],
    tools: [
      tool(
        'run_query',
        'Run a query',
        'Runs one SELECT and gives the first rows. Statements that write are refused.',
        { sql: text('One SELECT statement'), limit: count('Rows at most').default(50) },
      ),
      tool('describe_table', 'Describe a table', 'Columns, types and comments of a table.', {
        table: text('schema.table'),
      }),
      tool('list_tables', 'Tables', 'All tables of a schema with their size.', {
        schema: text('Name of the schema').optional(),
      }),
    ],
  },
  {
    path: '/docs-search',
    name: 'Documentation',
    description: 'Searches handbooks, runbooks and design documents.',
    tags: ['knowledge'],
    access: 'public',
    tools: [
      tool(
        'search_documents',
        'Search documents',
        'Finds passages that answer a question, with their source.',
        { question: text('In plain words'), space: text('Only in this space').optional() },
      ),
      tool('read_document', 'Read a document', 'A whole document as Markdown.', {
        id: text('From a search'),
      }),
    ],
  },
  {
    path: '/kubernetes',
    name: 'Kubernetes',
    description: 'Pods, deployments and logs of the production clusters.',
    tags: ['ops', 'production'],
    tools: [
      tool('list_pods', 'Pods', 'Pods of a namespace with their state and restarts.', {
        namespace: text('Name'),
      }),
      tool('get_logs', 'Logs', 'The last lines that a pod wrote.', {
        namespace: text('Name'),
        pod: text('Name'),
        lines: count('How many').default(100),
      }),
      tool(
        'scale_deployment',
        'Scale',
        'Sets the number of replicas of a deployment.',
        {
          namespace: text('Name'),
          deployment: text('Name'),
          replicas: z.number().int().min(0).describe('Wanted'),
        },
        DESTROYS,
      ),
      tool('rollout_status', 'Rollout', 'Whether a rollout has ended, and what it waits for.', {
        namespace: text('Name'),
        deployment: text('Name'),
      }),
    ],
  },
  {
    path: '/crm',
    name: 'CRM',
    description: 'Customers, contacts and deals.',
    tags: ['sales'],
    tools: [
      tool('find_customer', 'Find a customer', 'By name, address or e-mail.', {
        words: text('Any of them'),
      }),
      tool(
        'update_deal',
        'Update a deal',
        'Stage, value and next step of a deal.',
        { deal: text('Id'), stage: z.enum(['lead', 'offer', 'won', 'lost']).describe('New stage') },
        WRITES,
      ),
    ],
  },
  {
    path: '/incident',
    name: 'Incident response',
    description: 'Pages people on call and keeps the timeline of an incident.',
    tags: ['ops', 'production'],
    condition: 'absent',
    tools: [],
  },
  {
    path: '/mail',
    name: 'Mail',
    description: 'Drafts and sends messages of the shared mailboxes.',
    tags: ['office'],
    condition: 'disabled',
    tools: [
      tool(
        'draft_message',
        'Draft',
        'Writes a draft into a shared mailbox.',
        { mailbox: text('Address'), subject: text('One line'), body: text('Plain text') },
        WRITES,
      ),
    ],
  },
  {
    path: '/translate',
    name: 'Translation',
    description: 'Translates text and documents between 30 languages, with the company glossary.',
    tags: ['language'],
    tools: [
      tool('translate_text', 'Translate', 'Translates text and keeps the terms of the glossary.', {
        text: text('At most 5,000 characters'),
        to: text('Language, such as de or fr'),
      }),
      tool('list_terms', 'Glossary', 'Terms of the glossary in two languages.', {
        from: text('Language'),
        to: text('Language'),
      }),
    ],
  },
];
