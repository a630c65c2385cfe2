# The whole product in one image: registry, nginx and its njs module. `docker build .` makes the gateway,
# `docker build --target demo .` the bundled demo MCP servers.

FROM node:24-bookworm-slim AS modules
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY registry registry
COPY public public
COPY scripts/demo scripts/demo
RUN npm run build

# The demo servers listen on loopback; the compose file lets them share the gateway's network.
FROM node:24-bookworm-slim AS demo
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
USER 10001:10001
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=6 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8101/mcp').then(() => process.exit(0), () => process.exit(1))"]
CMD ["node", "dist/scripts/demo/run.js"]

FROM node:24-bookworm-slim AS gateway
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates libnginx-mod-http-js nginx tini \
  && rm -rf /var/lib/apt/lists/* \
  && groupadd --gid 10001 mcpgw \
  && useradd --uid 10001 --gid mcpgw --no-create-home --home-dir /data --shell /usr/sbin/nologin mcpgw \
  && install --directory --owner=mcpgw --group=mcpgw --mode=0700 /data
WORKDIR /app
COPY --from=modules /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE ./
COPY nginx nginx
COPY templates templates
# Password hashing runs on libuv's threads; with its default of four, a few logins would hold up file writes.
ENV NODE_ENV=production \
  UV_THREADPOOL_SIZE=32 \
  DATA_DIR=/data \
  REGISTRY_HOST=127.0.0.1 \
  GATEWAY_HOST=0.0.0.0 \
  GATEWAY_PORT=8080
USER 10001:10001
VOLUME /data
EXPOSE 8080
# Through nginx: the registry's own health is at /health.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.GATEWAY_PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# tini collects what outlives its parent: nginx workers that still drain.
ENTRYPOINT ["/usr/bin/tini", "--"]
CMD ["node", "dist/registry/main.js"]
