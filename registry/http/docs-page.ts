/** The page at /docs. It has no inline script or style: the content security policy forbids both. */
export const DOCS_PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>MCP Gateway &amp; Registry: API</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
    <link rel="icon" type="image/png" href="/docs/favicon-32x32.png" />
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/initializer.js"></script>
  </body>
</html>
`;

/** Starts the page; a session's CSRF token is fetched for every request that changes something. */
export const DOCS_INITIALIZER = `'use strict';
const safe = new Set(['GET', 'HEAD', 'OPTIONS']);

async function withCsrfToken(request) {
  const method = (request.method || 'GET').toUpperCase();
  if (safe.has(method) || request.headers.Authorization) return request;
  const answer = await fetch('/api/me');
  if (answer.ok) request.headers['X-CSRF-Token'] = (await answer.json()).csrfToken;
  return request;
}

window.addEventListener('load', () => {
  window.SwaggerUIBundle({
    url: '/api/openapi.json',
    dom_id: '#swagger-ui',
    deepLinking: true,
    validatorUrl: null,
    requestInterceptor: withCsrfToken,
  });
});
`;
