/** A running Qdrant, over its REST interface. */
@NullMarked
package dev.openmemory.backup.internal.qdrant.server;

import org.jspecify.annotations.NullMarked;
