# syntax=docker/dockerfile:1
# The server, Claude Code, and what its sandbox needs. docs/deployment.md tells how to run it.

FROM node:24-bookworm-slim AS build
# better-sqlite3 is compiled where no prebuilt binary of it can be fetched.
RUN apt-get update \
  && apt-get install -y --no-install-recommends g++ make python3 \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src src
COPY console console
RUN npm run build && npm prune --omit=dev && find dist -name '*.map' -delete && chmod +x dist/main.js

FROM node:24-bookworm-slim
# git for workspaces with a history, the others for the sandbox; tini reaps what the sandbox leaves behind.
RUN apt-get update \
  && apt-get install -y --no-install-recommends bubblewrap ca-certificates git ripgrep socat tini \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE .env.example ./
# The program is root's, so that no agent changes it; only /data is the server's own.
RUN ln -s /app/dist/main.js /usr/local/bin/claudecode-api && install -d -o node -g node -m 0750 /data
# Beyond its own loopback the server starts only with keys required, and with an own WEBUI_DEFAULT_PASSWORD, which has
# no default here.
ENV NODE_ENV=production \
  HOST=0.0.0.0 \
  PORT=3000 \
  OPENAI_API_KEY_REQUIRED=true \
  DATA_DIR=/data/server \
  WORKSPACE_ROOT=/data/workspaces \
  LOG_DIR=/data/logs
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 3000) + '/health/ready').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["/usr/bin/tini", "--", "claudecode-api"]
