// Writes src/api/schema.gen.ts from the description of the server's calls:  node scripts/api-types.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const DESCRIPTION = fileURLToPath(new URL('../src/api/openapi.json', import.meta.url));
const TYPES = fileURLToPath(new URL('../src/api/schema.gen.ts', import.meta.url));
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** The types of all calls, from an OpenAPI 3.1 document. What it can't express is refused, never guessed. */
export function typesOf(document) {
  const schemas = Object.entries(document.components?.schemas ?? {}).sort(byName);
  const calls = Object.entries(document.paths)
    .flatMap(([path, item]) => METHODS.filter((method) => item[method]).map((method) => [path, method, item[method]]))
    .sort(byName);
  return [
    '// Generated from openapi.json by `make generate`. Do not edit.',
    ...schemas.map(([name, schema]) => `${comment(schema.description)}export type ${word(name)} = ${type(schema)};`),
    `/** Every call: what it takes and what it answers. */\nexport interface Calls {\n${calls.map(call).join('\n')}\n}`,
    '',
  ]
    .join('\n\n')
    .replace(/\n\n$/, '\n');
}

function call([path, method, { parameters = [], requestBody, responses, summary }]) {
  const of = (where) => parameters.filter((parameter) => parameter.in === where);
  const answer = Object.entries(responses).find(([status]) => /^2/.test(status))?.[1];
  const body = content(requestBody?.content);
  const members = [
    `path: ${fields(of('path'), () => true)}`,
    `query: ${fields(of('query'), (parameter) => parameter.required === true)}`,
    `body: ${body ?? 'never'}${body && requestBody.required === false ? ' | undefined' : ''}`,
    `answer: ${content(answer?.content) ?? 'void'}`,
    `changes: ${of('header').some(({ name }) => name.toLowerCase() === 'if-match')}`,
  ];
  const title = `${comment(summary, '  ')}  '${method.toUpperCase()} ${path}': {`;
  return `${title}\n${members.map((member) => `    ${member};`).join('\n')}\n  };`;
}

function fields(parameters, isRequired) {
  if (parameters.length === 0) return 'Record<never, never>';
  const all = parameters.map((each) => `${key(each.name)}${isRequired(each) ? '' : '?'}: ${type(each.schema ?? {})}`);
  return `{ ${all.join('; ')} }`;
}

/** The type of a body: JSON where there is some, else what is sent or comes as it is. */
function content(kinds) {
  if (!kinds || Object.keys(kinds).length === 0) return undefined;
  const json = Object.entries(kinds).find(([kind]) => /[/+]json$/.test(kind));
  if (json) return type(json[1].schema ?? {});
  // Text in an encoding of its sender's is bytes as well.
  const isText = ([kind, { schema }]) => kind.startsWith('text/') && schema?.type === 'string';
  return Object.entries(kinds).every(isText) ? 'string' : 'Blob';
}

function type(schema) {
  if (schema === true || Object.keys(schema).length === 0) return 'unknown';
  if (schema.$ref) return word(schema.$ref.split('/').at(-1));
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const either = schema.oneOf ?? schema.anyOf;
  if (either) return either.map((each) => wrapped(type(each))).join(' | ');
  if (schema.allOf) return schema.allOf.map((each) => wrapped(type(each))).join(' & ');
  if (Array.isArray(schema.type))
    return schema.type.map((each) => wrapped(type({ ...schema, type: each }))).join(' | ');
  return plain(schema);
}

function plain(schema) {
  switch (schema.type) {
    case 'string':
      return schema.format === 'binary' ? 'Blob' : 'string';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
    case 'null':
      return schema.type;
    case 'array':
      if (schema.prefixItems) return `[${schema.prefixItems.map(type).join(', ')}]`;
      return `${wrapped(type(schema.items ?? {}))}[]`;
    case 'object':
    case undefined:
      return object(schema);
    default:
      throw new Error(`There is no type for ${JSON.stringify(schema)}.`);
  }
}

function object({ properties, required = [], additionalProperties }) {
  if (properties) {
    const all = Object.entries(properties).map(([name, schema]) => {
      const note = comment(schema.description, ' ').trimEnd();
      return `${note}${note && ' '}${key(name)}${required.includes(name) ? '' : '?'}: ${type(schema)};`;
    });
    return `{\n${all.map((line) => `  ${line.trim()}`).join('\n')}\n}`;
  }
  if (additionalProperties && additionalProperties !== true) return `Record<string, ${type(additionalProperties)}>`;
  return 'Record<string, unknown>';
}

const byName = ([a, b], [c, d]) => (`${a} ${b}` < `${c} ${d}` ? -1 : 1);
const wrapped = (text) => (/[ |&]/.test(text) && !text.startsWith('{') ? `(${text})` : text);
const word = (name) => name.replace(/\W+/g, '_');
const key = (name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : `'${name}'`);

function comment(text, indent = '') {
  return text ? `${indent}/** ${text.replaceAll('*/', '* /').replace(/\s*\n\s*/g, ' ')} */\n` : '';
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(TYPES, typesOf(JSON.parse(readFileSync(DESCRIPTION, 'utf8'))));
}
