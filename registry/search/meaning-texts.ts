import type { Tool } from '../catalog/discovery.js';
import { toolDocument, type SearchedServer } from './tool-document.js';
import { splitWords } from './words.js';

/** Models read a few hundred words; what comes after them costs and counts nothing. */
const MAX_TEXT = 2000;

/**
 * What a tool is told by: in whole, by what it does, and by its name. Questions are like one or the other of them; the
 * vector between theirs finds more than that of any.
 */
export function meaningTexts(tool: Tool, server: SearchedServer): string[] {
  const { title, description, parameters, parameterTexts } = toolDocument(tool, server);
  const name = title || splitWords(tool.name).join(' ');
  const takes = splitWords(parameters).join(' ');
  const tags = server.tags.length > 0 ? ` (${server.tags.join(', ')})` : '';
  const whole = [
    `${server.name}${tags}: ${name}`,
    description,
    takes && `Takes ${takes}`,
    parameterTexts,
  ];
  const texts = [
    whole.filter((part) => part.trim() !== '').join('. '),
    description,
    `${server.name} ${name}`,
  ];
  return texts.map((text) => text.slice(0, MAX_TEXT)).filter((text) => text.trim() !== '');
}
