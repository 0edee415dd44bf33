/**
 * What of the engine's host this process sees: all of it, or what is mounted into its container.
 */
@NullMarked
package dev.openmemory.backup.docker.internal.host;

import org.jspecify.annotations.NullMarked;
