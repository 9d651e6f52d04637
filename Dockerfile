FROM node:24-slim AS assets
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev


FROM python:3.13-slim-bookworm AS packages
WORKDIR /build
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
COPY requirements/base.txt .
RUN pip install --no-cache-dir --require-hashes -r base.txt


FROM packages AS site
WORKDIR /opt/council
COPY . .
COPY --from=assets /build/node_modules node_modules
RUN if [ -d council/locale ]; then pybabel -q compile -d council/locale -D django -f; fi
# Production refuses to start without these; none of them stays in the image.
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
    DJANGO_SETTINGS_MODULE=config.settings.production \
    STATIC_ROOT=/opt/static \
    VAR_DIR=/tmp \
    DATABASE_URL=sqlite:////tmp/none.sqlite3 \
    REDIS_URL=redis://localhost \
    ALLOWED_HOSTS=localhost \
    SITE_URL=https://localhost \
    SMTP_HOST=localhost \
    python manage.py collectstatic --noinput
# Of the assets only the font that documents are drawn with is needed at run time.
RUN mv node_modules/pretendard /opt/pretendard && rm -rf node_modules \
    && install -d node_modules/pretendard/dist/public/static/alternative \
    && cp /opt/pretendard/dist/LICENSE.txt node_modules/pretendard/dist/ \
    && cp /opt/pretendard/dist/public/static/alternative/Pretendard-Regular.ttf \
        /opt/pretendard/dist/public/static/alternative/Pretendard-Bold.ttf \
        node_modules/pretendard/dist/public/static/alternative/ \
    && rm -rf /opt/pretendard


FROM python:3.13-slim-bookworm
# What documents are drawn with.
RUN apt-get update \
    && apt-get install --no-install-recommends --yes \
        fonts-nanum=* libharfbuzz-subset0=* libpango-1.0-0=* libpangoft2-1.0-0=* \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin council \
    && install -d -o council -g council /var/lib/council
COPY --from=packages /opt/venv /opt/venv
COPY --from=site /opt/static /opt/static
COPY --from=site /opt/council /opt/council
WORKDIR /opt/council
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings.production \
    STATIC_ROOT=/opt/static \
    VAR_DIR=/var/lib/council \
    XDG_CACHE_HOME=/tmp
USER 10001:10001
VOLUME /var/lib/council
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/livez', timeout=4)"]
# The workers' heartbeat files belong in memory, and nothing else is written: the file system may be read-only.
CMD ["gunicorn", "config.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", \
     "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "--access-logfile", "-"]
