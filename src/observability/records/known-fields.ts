/** One name, however it is written: `apiKey`, `api_key`, `API-Key`. */
function normal(name: string): string {
  return name.toLowerCase().replaceAll(/[-_\s]/g, '');
}

const secretEndings = [
  ...['password', 'passwd', 'passphrase', 'secret', 'token', 'apikey', 'privatekey'],
  ...['authorization', 'cookie'],
];
const secrets = new Set([
  ...['accesskey', 'secretkey', 'credential'],
  // Whose names are anybody's choice.
  ...['credentials', 'headers', 'env'],
]);

/** Whether all that the field holds is to be taken for secret. */
export function isSecretField(name: string): boolean {
  const plain = normal(name);
  return secrets.has(plain) || secretEndings.some((ending) => plain.endsWith(ending));
}

const paths = new Set([
  ...['path', 'paths', 'filepath', 'notebookpath', 'file', 'files', 'filename', 'filenames'],
  ...['cwd', 'directory', 'workingdirectory'],
]);

export function isPathField(name: string): boolean {
  return paths.has(normal(name));
}

/** Fields of the dialects that tell what something is, not what somebody said. */
const structure = new Set([
  ...['type', 'role', 'object', 'status', 'model', 'id', 'name', 'code', 'param', 'phase', 'stopreason'],
  ...['toolcallid', 'callid', 'itemid', 'responseid', 'previousresponseid', 'conversation', 'toolchoice'],
  ...['finishreason', 'effort', 'reasoningeffort', 'verbosity', 'detail', 'truncation', 'servicetier'],
  ...['serverlabel', 'allowedtools', 'toolnames', 'requireapproval', 'include', 'modalities', 'format'],
  ...['mode', 'searchcontextsize', 'required', 'reason', 'systemfingerprint', 'approvalrequestid'],
]);
const identifier = /^[\w.:/@+-]{1,128}$/;

/** Whether a field's text may stand where texts are left out. */
export function isStructure(name: string, text: string): boolean {
  return structure.has(normal(name)) && identifier.test(text);
}
