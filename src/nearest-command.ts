import { nouns, words } from './commands/index.js';
import { nearest } from './model/nearest.js';

const allNouns = nouns.flatMap((group) => group.nouns);
const allWords = words.filter((word) => word.hidden !== true).map((word) => word.name);

/** A noun and one of its verbs that these words most likely mean. */
function nounAndVerb(first: string, second: string): string | undefined {
  const name = nearest(
    first,
    allNouns.map((noun) => noun.name),
  );
  const noun = allNouns.find((each) => each.name === name);
  const verb =
    noun &&
    nearest(
      second,
      noun.verbs.map((each) => each.name),
    );
  return noun === undefined || verb === undefined ? undefined : `${noun.name} ${verb}`;
}

/** The command that unknown words most likely mean: `user list` for `users lst` and for `list user`. */
export function nearestCommand(typed: readonly string[]): string | undefined {
  const [first, second] = typed.filter((word) => !word.startsWith('-'));
  if (first === undefined) return undefined;
  const both = second && (nounAndVerb(first, second) ?? nounAndVerb(second, first));
  return both || nearest(first, [...allNouns.map((noun) => noun.name), ...allWords]);
}
