/** Tests of what is seen from within a container. */
@NullMarked
package dev.openmemory.backup.docker.internal.host;

import org.jspecify.annotations.NullMarked;
