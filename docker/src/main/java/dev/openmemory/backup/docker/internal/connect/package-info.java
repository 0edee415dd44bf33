/** Finds the engine to talk to. */
@NullMarked
package dev.openmemory.backup.docker.internal.connect;

import org.jspecify.annotations.NullMarked;
