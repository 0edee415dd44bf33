/** Tests of the vectors in containers. */
@NullMarked
package dev.openmemory.backup.docker.internal.vectors;

import org.jspecify.annotations.NullMarked;
