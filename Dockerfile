# Every build step is a make target, so that what the tests run is what the image holds
# (make check-docker compares). Build: docker build --build-arg VERSION=1.0.0 -t messagerie .

FROM node:20 AS client
WORKDIR /src
COPY Makefile ./
COPY ui/package.json ui/package-lock.json ui/
RUN make ui-modules
COPY ui ui
COPY hooks/protocol/testdata hooks/protocol/testdata
RUN make ui

FROM golang:1.26 AS server
ENV GOTOOLCHAIN=local
ARG VERSION=dev
WORKDIR /src
COPY Makefile go.mod go.sum ./
RUN make go-modules
COPY main.go ./
COPY hooks hooks
COPY pb_migrations pb_migrations
COPY ui/embed.go ui/placeholder.html ui/
COPY --from=client /src/ui/dist ui/dist
RUN make binary VERSION=${VERSION}
# The folders of the image: scratch can't make any.
RUN mkdir -p /image/pb_data /image/tmp && chmod 1777 /image/tmp

FROM scratch
COPY --from=server /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=server /src/messagerie /messagerie
# Owned by the user below: a new volume takes its owner from here. A folder of the host
# that is mounted instead must be given to 65532 first.
COPY --from=server --chown=65532:65532 /image/ /
# In the environment, so that the health check asks where the server listens. A flag
# or the configuration's own keys can't say otherwise: the port is mapped outside.
ENV MESSAGERIE_SERVER_ADDRESS=0.0.0.0:8000 MESSAGERIE_SERVER_DATA_DIR=/pb_data
USER 65532:65532
VOLUME /pb_data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["/messagerie", "health"]
ENTRYPOINT ["/messagerie"]
# A configuration file is mounted as /config.yaml, beside the binary.
CMD ["serve"]
