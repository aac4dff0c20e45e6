import { yamlLimitError, yamlParserMessage } from '../model/safe-parsing.js';

/** The data of a YAML text. Throws an error with line and column, and for a text that the parser should not be given. */
export async function parseYaml(text: string): Promise<unknown> {
  const why = yamlLimitError(text);
  if (why !== undefined) throw new Error(why);
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text, { prettyErrors: false, stringKeys: true });
  const fault = yamlParserMessage(document, text);
  if (fault !== undefined) throw new Error(fault);
  return document.toJS();
}
