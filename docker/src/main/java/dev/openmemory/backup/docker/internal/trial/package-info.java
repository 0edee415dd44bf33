/** A throw-away Qdrant in a container, for drills. */
@NullMarked
package dev.openmemory.backup.docker.internal.trial;

import org.jspecify.annotations.NullMarked;
