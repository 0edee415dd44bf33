/** Exchanges data through an engine so that it can be undone. */
@NullMarked
package dev.openmemory.backup.docker.internal.swap;

import org.jspecify.annotations.NullMarked;
