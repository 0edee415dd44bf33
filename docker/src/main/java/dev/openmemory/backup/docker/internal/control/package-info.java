/** Containers as writers: held, resumed, awaited. */
@NullMarked
package dev.openmemory.backup.docker.internal.control;

import org.jspecify.annotations.NullMarked;
