/** The vectors, where a Qdrant in a container keeps them. */
@NullMarked
package dev.openmemory.backup.docker.internal.vectors;

import org.jspecify.annotations.NullMarked;
