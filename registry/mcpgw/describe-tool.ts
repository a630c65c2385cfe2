import type { Tool } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { GatewayTool } from './gateway-tool.js';

type ObjectSchema = Tool['inputSchema'];

interface DescribedTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: ObjectSchema;
  readonly outputSchema?: ObjectSchema;
  readonly annotations: GatewayTool['annotations'];
}

/** A tool as `tools/list` shows it. */
export function describeTool(tool: GatewayTool): DescribedTool {
  const { name, title, description, annotations, input, output } = tool;
  return {
    name,
    title,
    description,
    inputSchema: objectSchema(input),
    ...(output && { outputSchema: objectSchema(output) }),
    annotations,
  };
}

/** JSON Schema of 2020-12, which is what MCP takes a schema for that does not say it. */
function objectSchema(schema: z.ZodObject): ObjectSchema {
  const described = z.toJSONSchema(schema, { io: 'input', override: shorten });
  delete described.$schema;
  return described as ObjectSchema;
}

/**
 * What goes without saying is not said: answers may hold more, integers are as large as they are, and what is not known is
 * refused with the names that are.
 */
function shorten({ jsonSchema }: { readonly jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  const { additionalProperties, minimum, maximum, properties } = jsonSchema;
  const saysLittle = typeof additionalProperties !== 'object' || isEmpty(additionalProperties);
  if (saysLittle) delete jsonSchema.additionalProperties;
  if (properties !== undefined && isEmpty(properties)) delete jsonSchema.properties;
  if (minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
}

function isEmpty(object: object): boolean {
  return Object.keys(object).length === 0;
}
