/**
 * A Docker engine, or one that speaks its API, in our terms; the only package that knows
 * docker-java.
 */
@NullMarked
package dev.openmemory.backup.docker.internal.engine;

import org.jspecify.annotations.NullMarked;
