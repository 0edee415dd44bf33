# `docker build .` makes the image of openmemory-backup, `docker build --target with-qdrant .` the one that also has
# Qdrant's storage engine, which proves each backup. docs/installation.md has the rest.
#
# A distribution of `mvn package -Pdist -DskipTests` needs no Maven and no network:
#   docker build --build-arg BUILDER=debian:stable-slim --build-arg DISTRIBUTION=dist/target/artifacts/NAME.tar.gz .
ARG BUILDER=maven:3-eclipse-temurin-25
ARG PYTHON=python:3.13-slim

FROM ${BUILDER} AS distribution
WORKDIR /source
COPY . .
ARG DISTRIBUTION=
RUN set -eu; archive=$DISTRIBUTION; \
  if [ -z "$archive" ]; then \
    rm -rf dist/target; mvn -B -q package -Pdist -pl dist -am -DskipTests; \
    archive=$(echo dist/target/artifacts/*-with-java-*.tar.gz); \
  fi; \
  mkdir -p /app; tar xzf "$archive" -C /app --strip-components=1; \
  rm -r /app/share /app/install.sh /app/SHA256SUMS /app/runtime/legal

# A system of sh and what the launcher and hooks call: no package manager, and nothing to update but these.
FROM debian:stable-slim AS system
RUN set -eu; \
  mkdir -p /system/usr/bin /system/usr/lib /system/usr/lib64 /system/etc /system/proc /system/dev; \
  for folder in bin lib lib64; do ln -s "usr/$folder" "/system/$folder"; done; \
  for name in basename cat chown cp date dirname env false head id ln locale ls mkdir mktemp mv readlink rm sed sh sleep sort \
    stat tail test touch tr true uname wc; do cp -L "/usr/bin/$name" /system/usr/bin/; done; \
  libraries=/usr/lib/$(uname -m)-linux-gnu; \
  { ldd /system/usr/bin/* | grep -o '/[^ ]*\.so[^ ]*'; \
    ls "$libraries"/lib*.so.* | grep -E '/lib(c|dl|m|pthread|resolv|rt|nss_dns|nss_files)\.so\.[0-9]*$'; } | \
    sort -u | while read -r library; do mkdir -p "/system${library%/*}"; cp -L "$library" "/system$library"; done; \
  mkdir -p /system/usr/lib/locale; cp -r /usr/lib/locale/C.* /system/usr/lib/locale/; \
  echo 'hosts: files dns' >/system/etc/nsswitch.conf; \
  printf '%s\n' root:x:0:0:root:/root:/bin/sh openmemory:x:65532:65532::/home/openmemory:/bin/sh >/system/etc/passwd; \
  printf '%s\n' root:x:0: openmemory:x:65532: >/system/etc/group; \
  install -d -m 700 /system/root; \
  install -d -m 1777 /system/tmp /system/var/tmp

FROM scratch AS program
COPY --from=system /system /
COPY --from=distribution /app /opt/openmemory-backup
ENV PATH=/opt/openmemory-backup/bin:/usr/bin LC_ALL=C.UTF-8
# The archive of classes halves the time of each start. It is made here, as the image may be read-only.
RUN mkdir -p /home/openmemory /openmemory /backups && chown 65532:65532 /home/openmemory /openmemory /backups && \
  OPENMEMORY_BACKUP_ARCHIVE_WITHOUT_S3=yes openmemory-backup --version && test -s "$(echo /opt/openmemory-backup/archives/*)"

FROM ${PYTHON} AS with-qdrant
ARG QDRANT_EDGE=qdrant-edge-py==0.9.0
RUN pip install --no-cache-dir --root-user-action=ignore "$QDRANT_EDGE" && \
  groupadd --gid 65532 openmemory && useradd --uid 65532 --gid openmemory --create-home openmemory && \
  install -d -o openmemory -g openmemory /openmemory /backups
COPY --from=program /opt/openmemory-backup /opt/openmemory-backup
ENV PATH=/opt/openmemory-backup/bin:/usr/local/bin:/usr/bin:/bin LC_ALL=C.UTF-8
LABEL dev.openmemory.backup.program=true \
  org.opencontainers.image.title="openmemory-backup with Qdrant's storage engine" \
  org.opencontainers.image.description="Backs up OpenMemory and proves each backup with Qdrant's storage engine" \
  org.opencontainers.image.licenses=Apache-2.0
WORKDIR /openmemory
USER 65532:65532
HEALTHCHECK --interval=5m --timeout=30s --start-period=1m CMD ["openmemory-backup", "schedule", "status"]
ENTRYPOINT ["openmemory-backup"]
CMD ["schedule", "run"]

FROM program
# Containers of the image know each other by the first label: their runs take turns, and none is paused by another.
LABEL dev.openmemory.backup.program=true \
  org.opencontainers.image.title=openmemory-backup \
  org.opencontainers.image.description="Backs up OpenMemory: database, configuration and vectors" \
  org.opencontainers.image.licenses=Apache-2.0
WORKDIR /openmemory
USER 65532:65532
HEALTHCHECK --interval=5m --timeout=30s --start-period=1m CMD ["openmemory-backup", "schedule", "status"]
ENTRYPOINT ["openmemory-backup"]
CMD ["schedule", "run"]
